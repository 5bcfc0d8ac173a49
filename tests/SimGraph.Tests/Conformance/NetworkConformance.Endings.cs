using SimGraph.Runtime.Network;
using Xunit;

namespace SimGraph.Tests.Conformance;

public abstract partial class NetworkConformance
{
    [Fact]
    public Task An_abort_is_a_reset_for_the_peers_read() => RunConnectedAsync(async ends =>
    {
        ValueTask<int> reading = ends.Far.ReadAsync(new byte[8], CancellationToken.None);
        ends.Near.Abort();
        NetworkException failure = await Assert.ThrowsAsync<NetworkException>(async () => await reading);
        Assert.Equal(NetworkError.Reset, failure.Error);
    });

    [Fact]
    public Task An_abort_is_a_reset_for_a_peer_that_reads_later() => RunConnectedAsync(async ends =>
    {
        await ends.Near.WriteAsync(new byte[500], CancellationToken.None);
        ends.Near.Abort();
        Assert.Equal(NetworkError.Reset, (await ReadUntilFailureAsync(ends.Far)).Error);
    });

    [Fact]
    public Task An_abort_is_a_reset_for_the_peers_writes() => RunConnectedAsync(async ends =>
    {
        ends.Near.Abort();
        Assert.Equal(NetworkError.Reset, (await WriteUntilFailureAsync(ends.Server, ends.Far)).Error);
    });

    [Fact]
    public Task An_abort_ends_the_peers_write_that_waits() => RunConnectedAsync(async ends =>
    {
        Task writing = ends.Far.WriteAsync(new byte[MoreThanAnyBuffer], CancellationToken.None).AsTask();
        Assert.False(writing.IsCompleted);
        ends.Near.Abort();
        NetworkException failure = await Assert.ThrowsAsync<NetworkException>(() => writing);
        Assert.Equal(NetworkError.Reset, failure.Error);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Closing_an_end_ends_its_own_read_that_waits(bool abort) => RunConnectedAsync(async ends =>
    {
        Task<int> reading = ends.Near.ReadAsync(new byte[8], CancellationToken.None).AsTask();
        await CloseAsync(ends.Near, abort);
        await EndsByClosingAsync(reading);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Closing_an_end_ends_its_own_write_that_waits(bool abort) => RunConnectedAsync(async ends =>
    {
        Task writing = ends.Near.WriteAsync(new byte[MoreThanAnyBuffer], CancellationToken.None).AsTask();
        Assert.False(writing.IsCompleted);
        await CloseAsync(ends.Near, abort);
        await EndsByClosingAsync(writing);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_closed_end_refuses_reads_and_writes(bool abort) => RunConnectedAsync(async ends =>
    {
        await CloseAsync(ends.Near, abort);
        await EndsByClosingAsync(ends.Near.ReadAsync(new byte[8], CancellationToken.None).AsTask());
        await EndsByClosingAsync(ends.Near.WriteAsync(new byte[8], CancellationToken.None).AsTask());
    });

    [Fact]
    public Task Closing_is_idempotent_in_every_order() => RunConnectedAsync(async ends =>
    {
        await ends.Near.DisposeAsync();
        await ends.Near.DisposeAsync();
        ends.Near.Abort();
        ends.Near.CompleteWrites();
        ends.Far.Abort();
        ends.Far.Abort();
        ends.Far.CompleteWrites();
        await ends.Far.DisposeAsync();
    });

    [Fact]
    public Task Disposal_ends_the_peers_reads() => RunConnectedAsync(async ends =>
    {
        ValueTask<int> reading = ends.Far.ReadAsync(new byte[8], CancellationToken.None);
        await ends.Near.DisposeAsync();
        Assert.Equal(0, await reading);
    });

    [Fact]
    public Task Disposal_with_unread_bytes_resets_the_peer() => RunConnectedAsync(async ends =>
    {
        await ends.Far.WriteAsync(new byte[2], CancellationToken.None);
        await ReadExactlyAsync(ends.Near, 1);
        await ends.Near.DisposeAsync();
        Assert.Equal(NetworkError.Reset, (await ReadUntilFailureAsync(ends.Far)).Error);
    });

    [Fact]
    public Task A_disposed_end_resets_a_peer_that_goes_on_writing() => RunConnectedAsync(async ends =>
    {
        await ends.Near.DisposeAsync();
        Assert.Equal(NetworkError.Reset, (await WriteUntilFailureAsync(ends.Server, ends.Far)).Error);
    });

    [Fact]
    public Task Bytes_and_the_end_that_arrived_before_a_reset_can_still_be_read() => RunConnectedAsync(async ends =>
    {
        byte[] sent = Pattern(100, 20);
        await ends.Near.WriteAsync(sent, CancellationToken.None);
        await ends.Near.DisposeAsync();
        await WriteUntilFailureAsync(ends.Server, ends.Far);
        Assert.Equal(sent, await ReadToEndAsync(ends.Far));
    });

    private static async Task CloseAsync(IConnection connection, bool abort)
    {
        if (abort)
        {
            connection.Abort();
        }
        else
        {
            await connection.DisposeAsync();
        }
    }
}
