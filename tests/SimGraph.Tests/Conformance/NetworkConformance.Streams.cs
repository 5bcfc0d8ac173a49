using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using Xunit;

namespace SimGraph.Tests.Conformance;

public abstract partial class NetworkConformance
{
    [Fact]
    public Task Bytes_come_back_from_an_echo() => RunConnectedAsync(async ends =>
    {
        byte[] sent = Pattern(1000, 1);
        await ends.Near.WriteAsync(sent, CancellationToken.None);
        await ends.Far.WriteAsync(await ReadExactlyAsync(ends.Far, sent.Length), CancellationToken.None);
        Assert.Equal(sent, await ReadExactlyAsync(ends.Near, sent.Length));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public Task A_reader_may_take_bytes_in_smaller_pieces_than_they_were_written(int pieceMax) => RunConnectedAsync(async ends =>
    {
        byte[] sent = Pattern(300, 2);
        await ends.Near.WriteAsync(sent, CancellationToken.None);
        Assert.Equal(sent, await ReadExactlyAsync(ends.Far, sent.Length, pieceMax));
    });

    [Fact]
    public Task Many_small_writes_are_one_stream() => RunConnectedAsync(async ends =>
    {
        byte[] sent = Pattern(5000, 3);
        ScopedTask writer = ends.ClientTasks.Run("write", async ct =>
        {
            for (int i = 0; i < sent.Length; i += 5)
            {
                await ends.Near.WriteAsync(sent.AsMemory(i, 5), ct);
            }

            ends.Near.CompleteWrites();
        });
        Assert.Equal(sent, await ReadToEndAsync(ends.Far));
        await writer.Completion;
    });

    [Fact]
    public Task A_transfer_larger_than_every_buffer_arrives_whole_and_in_order() => RunConnectedAsync(async ends =>
    {
        byte[] sent = Pattern(LargeTransferBytes, 4);
        ScopedTask writer = ends.ClientTasks.Run("write", async ct =>
        {
            await ends.Near.WriteAsync(sent, ct);
            ends.Near.CompleteWrites();
        });
        byte[] received = await ReadToEndAsync(ends.Far);
        await writer.Completion;
        Assert.True(sent.AsSpan().SequenceEqual(received));
    });

    [Fact]
    public Task Both_directions_carry_bytes_at_once() => RunConnectedAsync(async ends =>
    {
        byte[] there = Pattern(LargeTransferBytes, 5);
        byte[] back = Pattern(LargeTransferBytes, 6);
        byte[]? thereReceived = null;
        byte[]? backReceived = null;
        ScopedTask[] tasks =
        [
            ends.ClientTasks.Run("write", async ct => await ends.Near.WriteAsync(there, ct)),
            ends.ServerTasks.Run("write", async ct => await ends.Far.WriteAsync(back, ct)),
            ends.ClientTasks.Run("read", async _ => backReceived = await ReadExactlyAsync(ends.Near, back.Length)),
            ends.ServerTasks.Run("read", async _ => thereReceived = await ReadExactlyAsync(ends.Far, there.Length)),
        ];
        foreach (ScopedTask task in tasks)
        {
            await task.Completion;
            Assert.Null(task.Failure);
        }

        Assert.True(there.AsSpan().SequenceEqual(thereReceived));
        Assert.True(back.AsSpan().SequenceEqual(backReceived));
    });

    [Fact]
    public Task Writing_nothing_sends_nothing() => RunConnectedAsync(async ends =>
    {
        await ends.Near.WriteAsync(ReadOnlyMemory<byte>.Empty, CancellationToken.None);
        await ends.Near.WriteAsync(new byte[] { 9 }, CancellationToken.None);
        Assert.Equal(1, await ends.Far.ReadAsync(new byte[8], CancellationToken.None));
    });

    [Fact]
    public Task Reading_into_nothing_is_refused() => RunConnectedAsync(async ends =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await ends.Far.ReadAsync(Memory<byte>.Empty, CancellationToken.None)));

    [Fact]
    public Task The_writer_may_reuse_its_buffer_once_the_write_returned() => RunConnectedAsync(async ends =>
    {
        byte[] buffer = Pattern(256, 7);
        byte[] sent = [.. buffer];
        await ends.Near.WriteAsync(buffer, CancellationToken.None);
        Array.Clear(buffer);
        Assert.Equal(sent, await ReadExactlyAsync(ends.Far, sent.Length));
    });

    [Fact]
    public Task A_half_close_ends_the_peers_reads_behind_the_bytes_and_leaves_the_other_direction_open() => RunConnectedAsync(async ends =>
    {
        byte[] question = Pattern(10_000, 8);
        byte[] answer = Pattern(20_000, 9);
        await ends.Near.WriteAsync(question, CancellationToken.None);
        ends.Near.CompleteWrites();
        Assert.Equal(question, await ReadToEndAsync(ends.Far));
        Assert.Equal(0, await ends.Far.ReadAsync(new byte[8], CancellationToken.None));
        await ends.Far.WriteAsync(answer, CancellationToken.None);
        ends.Far.CompleteWrites();
        Assert.Equal(answer, await ReadToEndAsync(ends.Near));
    });

    [Fact]
    public Task A_half_close_ends_a_read_that_waits() => RunConnectedAsync(async ends =>
    {
        ValueTask<int> reading = ends.Far.ReadAsync(new byte[8], CancellationToken.None);
        ends.Near.CompleteWrites();
        Assert.Equal(0, await reading);
    });

    [Fact]
    public Task Completing_writes_twice_is_once() => RunConnectedAsync(async ends =>
    {
        ends.Near.CompleteWrites();
        ends.Near.CompleteWrites();
        Assert.Equal(0, await ends.Far.ReadAsync(new byte[8], CancellationToken.None));
    });

    [Fact]
    public Task A_write_behind_a_half_close_fails() => RunConnectedAsync(async ends =>
    {
        ends.Near.CompleteWrites();
        NetworkException failure = await Assert.ThrowsAsync<NetworkException>(
            async () => await ends.Near.WriteAsync(new byte[1], CancellationToken.None));
        Assert.Equal(NetworkError.Aborted, failure.Error);
    });

    [Fact]
    public Task Disposal_lets_the_peer_read_to_the_end_of_what_was_written() => RunConnectedAsync(async ends =>
    {
        byte[] sent = Pattern(1000, 10);
        await ends.Near.WriteAsync(sent, CancellationToken.None);
        await ends.Near.DisposeAsync();
        Assert.Equal(sent, await ReadToEndAsync(ends.Far));
    });

    [Fact]
    public Task A_writer_whose_peer_does_not_read_waits_and_can_be_cancelled_which_resets_the_connection() => RunConnectedAsync(async ends =>
    {
        using var limit = Deadline.After(ends.Client.Clock, Patience, CancellationToken.None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await ends.Near.WriteAsync(new byte[MoreThanAnyBuffer], limit.Token));
        Assert.True(limit.Expired);
        await EndsByClosingAsync(ends.Near.WriteAsync(new byte[1], CancellationToken.None).AsTask());
        Assert.Equal(NetworkError.Reset, (await ReadUntilFailureAsync(ends.Far)).Error);
    });

    [Fact]
    public Task A_writer_that_waits_goes_on_when_the_peer_reads() => RunConnectedAsync(async ends =>
    {
        byte[] sent = Pattern(LargeTransferBytes, 11);
        ValueTask writing = ends.Near.WriteAsync(sent, CancellationToken.None);
        byte[] received = await ReadExactlyAsync(ends.Far, sent.Length);
        await writing;
        Assert.True(sent.AsSpan().SequenceEqual(received));
    });

    [Fact]
    public Task A_write_with_a_cancelled_token_resets_the_connection() => RunConnectedAsync(async ends =>
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await ends.Near.WriteAsync(new byte[1], new CancellationToken(canceled: true)));
        Assert.Equal(NetworkError.Reset, (await ReadUntilFailureAsync(ends.Far)).Error);
    });

    [Fact]
    public Task A_cancelled_read_loses_no_byte_and_leaves_the_connection_usable() => RunConnectedAsync(async ends =>
    {
        byte[] sent = Pattern(40_000, 12);
        ScopedTask writer = ends.ClientTasks.Run("write", async ct =>
        {
            for (int i = 0; i < sent.Length; i += 100)
            {
                await ends.Near.WriteAsync(sent.AsMemory(i, 100), ct);
                await Task.Yield();
            }
        });
        var received = new byte[sent.Length];
        int filled = 0;
        int cancelled = 0;
        while (filled < received.Length)
        {
            using var giveUp = new CancellationTokenSource();
            ValueTask<int> reading = ends.Far.ReadAsync(received.AsMemory(filled, Math.Min(37, received.Length - filled)), giveUp.Token);
            giveUp.Cancel();
            try
            {
                filled += await reading;
            }
            catch (OperationCanceledException)
            {
                cancelled++;
                await Task.Yield();
            }

            if (cancelled > 1000)
            {
                // Enough of them: the rest is read in peace, which also shows that the connection lives.
                filled += (await ReadExactlyAsync(ends.Far, received.Length - filled)).CopyInto(received, filled);
            }
        }

        await writer.Completion;
        Assert.True(sent.AsSpan().SequenceEqual(received));
    });

    [Fact]
    public Task A_read_that_waits_ends_when_it_is_cancelled() => RunConnectedAsync(async ends =>
    {
        using var giveUp = new CancellationTokenSource();
        ValueTask<int> reading = ends.Far.ReadAsync(new byte[8], giveUp.Token);
        giveUp.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
        await ends.Near.WriteAsync(new byte[] { 1, 2, 3 }, CancellationToken.None);
        Assert.Equal([1, 2, 3], await ReadExactlyAsync(ends.Far, 3));
    });

    [Fact]
    public Task A_read_with_a_cancelled_token_takes_nothing() => RunConnectedAsync(async ends =>
    {
        await ends.Near.WriteAsync(new byte[] { 4, 5 }, CancellationToken.None);
        Assert.Equal([4], await ReadExactlyAsync(ends.Far, 1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await ends.Far.ReadAsync(new byte[8], new CancellationToken(canceled: true)));
        Assert.Equal([5], await ReadExactlyAsync(ends.Far, 1));
    });
}

internal static class ByteArrays
{
    /// <summary>Copies the source into the target at an offset and returns how many bytes that were.</summary>
    public static int CopyInto(this byte[] source, byte[] target, int offset)
    {
        source.CopyTo(target, offset);
        return source.Length;
    }
}
