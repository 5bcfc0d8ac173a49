using SimGraph.Runtime.Network;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Network;
using Xunit;

namespace SimGraph.Tests.Simulation.Network;

public sealed class PartitionTests
{
    private static readonly NetworkFaultOptions Patient = new()
    {
        RetransmitLimitMin = TimeSpan.FromSeconds(60),
        RetransmitLimitMax = TimeSpan.FromSeconds(60),
    };

    [Theory]
    [InlineData(PartitionDirection.Both)]
    [InlineData(PartitionDirection.FirstToSecond)]
    public void Bytes_sent_into_a_cut_are_held_and_arrive_in_order_after_the_heal(PartitionDirection direction)
    {
        RunResult result = NetworkRun.Run(Patient, async run =>
        {
            await run.Near.WriteAsync(new byte[] { 1 }, CancellationToken.None);
            run.Network.Partition(run.Client, run.Server, direction);
            await run.Near.WriteAsync(new byte[] { 2 }, CancellationToken.None);
            var buffer = new byte[8];
            Assert.Null(await run.ReadAsync(run.Far, buffer, 30));
            run.Network.Heal(run.Client, run.Server);
            await run.Near.WriteAsync(new byte[] { 3 }, CancellationToken.None);
            await run.PassAsync(4);
            Assert.Equal(3, await run.ReadAsync(run.Far, buffer, 1));
            Assert.Equal([1, 2, 3], buffer[..3]);
        });
        string name = direction == PartitionDirection.Both ? "network.partition.two-way" : "network.partition.one-way";
        Assert.Equal(1, result.Faults[name]);
        Assert.False(result.Faults.ContainsKey("network.give-up"));
    }

    [Fact]
    public void A_one_way_cut_lets_the_other_way_through() => NetworkRun.Run(Patient, async run =>
    {
        run.Network.Partition(run.Client, run.Server, PartitionDirection.FirstToSecond);
        await run.Far.WriteAsync(new byte[] { 7 }, CancellationToken.None);
        Assert.Equal(1, await run.ReadAsync(run.Near, new byte[8], 1));
        await run.Near.WriteAsync(new byte[] { 8 }, CancellationToken.None);
        Assert.Null(await run.ReadAsync(run.Far, new byte[8], 30));
    });

    [Fact]
    public void A_writer_whose_bytes_arrive_but_whose_acknowledgements_do_not_is_reset_and_its_peer_is_not() => NetworkRun.Run(Patient, async run =>
    {
        run.Network.Partition(run.Client, run.Server, PartitionDirection.SecondToFirst);
        await run.Near.WriteAsync(new byte[] { 7 }, CancellationToken.None);
        Assert.Equal(1, await run.ReadAsync(run.Far, new byte[8], 1));
        NetworkException failure = await Assert.ThrowsAsync<NetworkException>(async () => await run.Near.ReadAsync(new byte[1], CancellationToken.None));
        Assert.Equal(NetworkError.Reset, failure.Error);
        Assert.InRange(run.World.Now.TotalSeconds, 60, 62);
        Assert.Null(await run.ReadAsync(run.Far, new byte[8], 3600));
    });

    [Fact]
    public void A_connection_that_is_cut_for_longer_than_its_sender_retransmits_is_reset() => NetworkRun.Run(Patient, async run =>
    {
        run.Network.Partition(run.Client, run.Server);
        await run.Near.WriteAsync(new byte[] { 1 }, CancellationToken.None);
        await run.PassAsync(61);
        run.Network.Heal(run.Client, run.Server);
        await Assert.ThrowsAsync<NetworkException>(async () => await run.Near.WriteAsync(new byte[1], CancellationToken.None));

        // The peer had nothing to send and knows of nothing. It learns when it sends.
        Assert.Null(await run.ReadAsync(run.Far, new byte[8], 3600));
        await run.Far.WriteAsync(new byte[1], CancellationToken.None);
        await Assert.ThrowsAsync<NetworkException>(() => run.ReadAsync(run.Far, new byte[8], 10));
    });

    [Fact]
    public void An_idle_connection_survives_a_cut_of_any_length() => NetworkRun.Run(Patient, async run =>
    {
        run.Network.Partition(run.Client, run.Server);
        await run.PassAsync(3600);
        run.Network.Heal(run.Client, run.Server);
        await run.Near.WriteAsync(new byte[1], CancellationToken.None);
        Assert.Equal(1, await run.ReadAsync(run.Far, new byte[8], 1));
    });

    [Fact]
    public void A_reset_that_meets_a_cut_is_lost_and_the_peer_learns_when_it_sends() => NetworkRun.Run(Patient, async run =>
    {
        run.Network.Partition(run.Client, run.Server);
        run.Near.Abort();
        await run.PassAsync(10);
        run.Network.Heal(run.Client, run.Server);
        Assert.Null(await run.ReadAsync(run.Far, new byte[8], 3600));
        await run.Far.WriteAsync(new byte[1], CancellationToken.None);
        await Assert.ThrowsAsync<NetworkException>(() => run.ReadAsync(run.Far, new byte[8], 10));
    });

    [Fact]
    public void An_end_of_stream_that_meets_a_cut_arrives_after_the_heal() => NetworkRun.Run(Patient, async run =>
    {
        run.Network.Partition(run.Client, run.Server);
        await run.Near.WriteAsync(new byte[] { 1 }, CancellationToken.None);
        await run.Near.DisposeAsync();
        await run.PassAsync(10);
        run.Network.Heal(run.Client, run.Server);
        Assert.Equal(1, await run.ReadAsync(run.Far, new byte[8], 10));
        Assert.Equal(0, await run.ReadAsync(run.Far, new byte[8], 10));
    });

    [Fact]
    public void A_writer_that_waits_for_room_goes_on_after_the_heal() => NetworkRun.Run(Patient, async run =>
    {
        run.Network.Partition(run.Client, run.Server, PartitionDirection.SecondToFirst);
        await run.Near.WriteAsync(new byte[60_000], CancellationToken.None);
        int received = (await run.ReadAsync(run.Far, new byte[200_000], 5))!.Value;
        Task writing = run.Near.WriteAsync(new byte[140_000], CancellationToken.None).AsTask();
        while (await run.ReadAsync(run.Far, new byte[200_000], 5) is { } read)
        {
            received += read;
        }

        // What is read frees no room that the writer could hear of.
        Assert.Equal(64 * 1024, received);
        Assert.False(writing.IsCompleted);
        run.Network.Heal(run.Client, run.Server);
        while (received < 200_000)
        {
            received += (await run.ReadAsync(run.Far, new byte[200_000], 5))!.Value;
        }

        await writing;
    });

    [Theory]
    [InlineData(PartitionDirection.Both)]
    [InlineData(PartitionDirection.FirstToSecond)]
    [InlineData(PartitionDirection.SecondToFirst)]
    public void A_connect_hangs_while_either_direction_is_cut_and_succeeds_after_the_heal(PartitionDirection direction) => NetworkRun.Run(
        Patient,
        async run =>
        {
            run.Network.Partition(run.Client, run.Server, direction);
            Assert.Null(await run.TryConnectAsync(20));
            Task<IConnection?> connecting = run.TryConnectAsync(100);
            await run.PassAsync(10);
            Assert.False(connecting.IsCompleted);
            run.Network.Heal(run.Client, run.Server);
            Assert.NotNull(await connecting);
        });

    [Fact]
    public void An_isolated_machine_reaches_nobody_until_it_is_reconnected() => NetworkRun.Run(Patient, async run =>
    {
        run.Network.CutAll(run.Server);
        Assert.Null(await run.TryConnectAsync(20));
        await run.Near.WriteAsync(new byte[1], CancellationToken.None);
        Assert.Null(await run.ReadAsync(run.Far, new byte[8], 5));
        run.Network.Reconnect(run.Server);
        Assert.Equal(1, await run.ReadAsync(run.Far, new byte[8], 20));
        Assert.NotNull(await run.TryConnectAsync(1));
    });

    [Fact]
    public void Heal_all_ends_everything_that_a_scenario_did() => NetworkRun.Run(Patient, async run =>
    {
        run.Network.CutAll(run.Client);
        run.Network.Partition(run.Client, run.Server);
        run.Network.Clog(run.Client, run.Server, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
        run.Network.Slow(run.Client, run.Server, 1, TimeSpan.FromHours(1));
        run.Network.HealAll();
        await run.Near.WriteAsync(new byte[1000], CancellationToken.None);
        Assert.Equal(1000, await run.ReadAsync(run.Far, new byte[1000], 0.1));
    });
}
