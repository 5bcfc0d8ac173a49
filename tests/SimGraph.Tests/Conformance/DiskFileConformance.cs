// Every promise of IFile as a test that runs against the real file system and against the simulated disk with its faults off.

using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using Xunit;
using static SimGraph.Tests.Conformance.DiskExpectations;

namespace SimGraph.Tests.Conformance;

public abstract class DiskFileConformance
{
    /// <summary>Runs the body to its end on a platform with an empty disk, and throws what it throws.</summary>
    protected abstract void Run(Func<IPlatform, Task> body);

    private void OnFile(Func<IDisk, IFile, Task> body) => Run(async platform =>
    {
        await using IFile file = await platform.Disk.OpenAsync("file", FileOpenMode.CreateNew);
        await body(platform.Disk, file);
    });

    [Fact]
    public void Reading_gives_what_was_written_there() => OnFile(async (_, file) =>
    {
        byte[] bytes = Pattern(5_000);
        await file.WriteAsync(0, bytes);
        Assert.Equal(5_000, file.Length);
        Assert.Equal(bytes, await file.ReadAllAsync());
        Assert.Equal(bytes[1_000..1_700], await file.ReadAsync(1_000, 700));
    });

    [Fact]
    public void Reading_is_short_at_the_end_and_empty_behind_it() => OnFile(async (_, file) =>
    {
        await file.WriteAsync(0, 1, 2, 3, 4);
        Assert.Equal([3, 4], await file.ReadAsync(2, 100));
        Assert.Empty(await file.ReadAsync(4, 100));
        Assert.Empty(await file.ReadAsync(1_000_000, 100));
        Assert.Empty(await file.ReadAsync(1, 0));
    });

    [Fact]
    public void Reading_an_empty_file_gives_nothing() => OnFile(async (_, file) =>
    {
        Assert.Equal(0, file.Length);
        Assert.Empty(await file.ReadAsync(0, 10));
    });

    [Fact]
    public void Reading_does_not_touch_the_buffer_behind_what_it_read() => OnFile(async (_, file) =>
    {
        await file.WriteAsync(0, 1, 2);
        byte[] buffer = [9, 9, 9, 9];
        Assert.Equal(2, await file.ReadAsync(0, buffer, CancellationToken.None));
        Assert.Equal([1, 2, 9, 9], buffer);
    });

    [Fact]
    public void Writing_overwrites_in_place() => OnFile(async (_, file) =>
    {
        await file.WriteAsync(0, 1, 2, 3, 4, 5);
        await file.WriteAsync(1, 8, 9);
        Assert.Equal([1, 8, 9, 4, 5], await file.ReadAllAsync());
        await file.WriteAsync(4, 6, 7);
        Assert.Equal([1, 8, 9, 4, 6, 7], await file.ReadAllAsync());
    });

    [Fact]
    public void Writing_behind_the_end_leaves_a_gap_of_zeros() => OnFile(async (_, file) =>
    {
        await file.WriteAsync(0, 1);
        await file.WriteAsync(3_000_000, 2);
        Assert.Equal(3_000_001, file.Length);
        byte[] all = await file.ReadAllAsync();
        Assert.Equal(1, all[0]);
        Assert.Equal(2, all[^1]);
        Assert.Equal(-1, all.AsSpan(1, all.Length - 2).IndexOfAnyExcept((byte)0));
    });

    [Fact]
    public void Writing_nothing_changes_nothing() => OnFile(async (_, file) =>
    {
        await file.WriteAsync(0, 1);
        await file.WriteAsync(100);
        Assert.Equal(1, file.Length);
    });

    [Fact]
    public void Writing_keeps_no_hold_on_the_buffer() => OnFile(async (_, file) =>
    {
        byte[] buffer = [1, 2, 3];
        await file.WriteAsync(0, buffer);
        buffer.AsSpan().Fill(9);
        Assert.Equal([1, 2, 3], await file.ReadAllAsync());
        await file.FlushAsync(CancellationToken.None);
        Assert.Equal([1, 2, 3], await file.ReadAllAsync());
    });

    [Fact]
    public void A_large_write_at_an_odd_offset_is_whole() => OnFile(async (_, file) =>
    {
        byte[] bytes = Pattern(2_500_001);
        await file.WriteAsync(12_345, bytes);
        Assert.Equal(12_345 + bytes.Length, file.Length);
        byte[] read = await file.ReadAsync(12_345, bytes.Length);
        Assert.True(bytes.AsSpan().SequenceEqual(read));
    });

    [Fact]
    public void Set_length_cuts() => OnFile(async (_, file) =>
    {
        await file.WriteAsync(0, 1, 2, 3, 4);
        await file.SetLengthAsync(2, CancellationToken.None);
        Assert.Equal(2, file.Length);
        Assert.Equal([1, 2], await file.ReadAsync(0, 10));
    });

    [Fact]
    public void Set_length_extends_with_zeros_and_never_with_what_was_cut() => OnFile(async (_, file) =>
    {
        byte[] bytes = Pattern(10_000);
        await file.WriteAsync(0, bytes);
        await file.SetLengthAsync(3, CancellationToken.None);
        await file.SetLengthAsync(20_000, CancellationToken.None);
        byte[] all = await file.ReadAllAsync();
        Assert.Equal(20_000, all.Length);
        Assert.Equal(bytes[..3], all[..3]);
        Assert.Equal(-1, all.AsSpan(3).IndexOfAnyExcept((byte)0));
    });

    [Fact]
    public void A_write_behind_a_cut_leaves_zeros_between() => OnFile(async (_, file) =>
    {
        await file.WriteAsync(0, Pattern(10));
        await file.SetLengthAsync(1, CancellationToken.None);
        await file.WriteAsync(4, 5);
        Assert.Equal([Pattern(10)[0], 0, 0, 0, 5], await file.ReadAllAsync());
    });

    [Fact]
    public void Flush_changes_nothing_that_is_visible() => OnFile(async (_, file) =>
    {
        await file.FlushAsync(CancellationToken.None);
        await file.WriteAsync(0, 1, 2);
        await file.FlushAsync(CancellationToken.None);
        await file.FlushAsync(CancellationToken.None);
        Assert.Equal([1, 2], await file.ReadAllAsync());
    });

    [Fact]
    public void A_durable_write_is_a_write() => OnFile(async (_, file) =>
    {
        byte[] bytes = Pattern(5_000);
        await file.WriteDurablyAsync(3, bytes, CancellationToken.None);
        await file.WriteDurablyAsync(4, new byte[] { 1, 2 }, CancellationToken.None);
        Assert.Equal([0, 0, 0, bytes[0], 1, 2, .. bytes[3..]], await file.ReadAllAsync());
    });

    [Fact]
    public void Bytes_survive_closing_without_a_flush() => OnFile(async (disk, file) =>
    {
        await file.WriteAsync(0, 1, 2, 3);
        await file.DisposeAsync();
        Assert.Equal([1, 2, 3], await disk.GetAsync("file"));
    });

    [Fact]
    public void Two_handles_of_a_file_see_the_same_bytes() => OnFile(async (disk, file) =>
    {
        await using IFile other = await disk.OpenAsync("file", FileOpenMode.Existing);
        await file.WriteAsync(0, 1, 2, 3);
        Assert.Equal(3, other.Length);
        Assert.Equal([1, 2, 3], await other.ReadAllAsync());
        await other.SetLengthAsync(1, CancellationToken.None);
        Assert.Equal(1, file.Length);

        await other.DisposeAsync();
        await file.WriteAsync(1, 7);
        Assert.Equal([1, 7], await file.ReadAllAsync());
    });

    [Fact]
    public void Concurrent_writes_to_disjoint_ranges_all_arrive() => OnFile(async (_, file) =>
    {
        const int Writers = 64;
        const int Size = 777;
        Task[] writes = new Task[Writers];
        for (int writer = 0; writer < Writers; writer++)
        {
            // From the end to the start, so that most of them grow a file that is already longer.
            int place = Writers - 1 - writer;
            writes[writer] = file.WriteAsync(place * Size, Pattern(Size, place));
        }

        await Task.WhenAll(writes);
        Assert.Equal(Writers * Size, file.Length);
        for (int place = 0; place < Writers; place++)
        {
            Assert.Equal(Pattern(Size, place), await file.ReadAsync(place * Size, Size));
        }
    });

    [Fact]
    public void Concurrent_reads_and_writes_do_not_share_a_position() => OnFile(async (_, file) =>
    {
        const int Size = 1_024;
        await file.WriteAsync(0, Pattern(16 * Size));
        var reads = new Task<byte[]>[8];
        Task[] all = new Task[16];
        for (int index = 0; index < 8; index++)
        {
            all[index] = reads[index] = file.ReadAsync(index * Size, Size);
            all[8 + index] = file.WriteAsync((8 + index) * Size, Pattern(Size, 100 + index));
        }

        await Task.WhenAll(all);
        byte[] before = Pattern(16 * Size);
        for (int index = 0; index < 8; index++)
        {
            Assert.Equal(before[(index * Size)..((index + 1) * Size)], await reads[index]);
            Assert.Equal(Pattern(Size, 100 + index), await file.ReadAsync((8 + index) * Size, Size));
        }
    });

    [Fact]
    public void Disposal_may_be_repeated() => OnFile(async (_, file) =>
    {
        await file.DisposeAsync();
        await file.DisposeAsync();
        Assert.Equal("file", file.Path);
    });

    [Fact]
    public void Every_call_after_disposal_is_refused() => OnFile(async (_, file) =>
    {
        CancellationToken none = CancellationToken.None;
        await file.WriteAsync(0, 1, 2);
        await file.DisposeAsync();
        await FailsAsync<ObjectDisposedException>(async () => await file.ReadAsync(0, new byte[1], none));
        await FailsAsync<ObjectDisposedException>(() => file.WriteAsync(0, new byte[1], none));
        await FailsAsync<ObjectDisposedException>(() => file.WriteDurablyAsync(0, new byte[1], none));
        await FailsAsync<ObjectDisposedException>(() => file.FlushAsync(none));
        await FailsAsync<ObjectDisposedException>(() => file.SetLengthAsync(0, none));
        await FailsAsync<ObjectDisposedException>(() => { Assert.Equal(-1, file.Length); return default; });
    });

    [Fact]
    public void Negative_offsets_and_lengths_are_refused() => OnFile(async (_, file) =>
    {
        CancellationToken none = CancellationToken.None;
        await FailsAsync<ArgumentOutOfRangeException>(async () => await file.ReadAsync(-1, new byte[1], none));
        await FailsAsync<ArgumentOutOfRangeException>(() => file.WriteAsync(-1, new byte[1], none));
        await FailsAsync<ArgumentOutOfRangeException>(() => file.WriteDurablyAsync(-1, new byte[1], none));
        await FailsAsync<ArgumentOutOfRangeException>(() => file.SetLengthAsync(-1, none));
    });

    [Fact]
    public void A_call_that_is_cancelled_before_it_begins_does_nothing() => OnFile(async (_, file) =>
    {
        await file.WriteAsync(0, 1, 2);
        var cancelled = new CancellationToken(canceled: true);
        byte[] buffer = [9];
        await FailsAsync<OperationCanceledException>(async () => await file.ReadAsync(0, buffer, cancelled));
        await FailsAsync<OperationCanceledException>(() => file.WriteAsync(0, new byte[] { 7, 7, 7 }, cancelled));
        await FailsAsync<OperationCanceledException>(() => file.WriteDurablyAsync(0, new byte[] { 7, 7, 7 }, cancelled));
        await FailsAsync<OperationCanceledException>(() => file.FlushAsync(cancelled));
        await FailsAsync<OperationCanceledException>(() => file.SetLengthAsync(0, cancelled));
        Assert.Equal([9], buffer);
        Assert.Equal([1, 2], await file.ReadAllAsync());
    });
}
