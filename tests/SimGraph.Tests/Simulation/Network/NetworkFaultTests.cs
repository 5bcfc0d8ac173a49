// The negative controls of the network's faults: each kind fires, is counted, and makes a program fail that a network without faults lets pass.

using SimGraph.Runtime.Network;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Network;
using Xunit;

namespace SimGraph.Tests.Simulation.Network;

public sealed class NetworkFaultTests
{
    private const int Always = 1_000_000;
    private const int Seeds = 20;

    [Fact]
    public void A_refused_connect_fails_a_client_that_tries_once()
    {
        RunResult result = NetworkRun.Run(new NetworkFaultOptions { ConnectRefusedPartsPerMillion = Always }, async run =>
        {
            NetworkException failure = await Assert.ThrowsAsync<NetworkException>(() => run.TryConnectAsync(10));
            Assert.Equal(NetworkError.Refused, failure.Error);
            run.Network.FaultOptions = NetworkFaultOptions.None;
            Assert.NotNull(await run.TryConnectAsync(10));
        });
        Assert.Equal(1, result.Faults["network.connect-refused"]);
    }

    [Fact]
    public void A_hanging_connect_holds_a_client_without_a_limit_until_the_kernel_gives_up_after_two_minutes()
    {
        RunResult result = NetworkRun.Run(new NetworkFaultOptions { ConnectHangPartsPerMillion = Always }, async run =>
        {
            Assert.Null(await run.TryConnectAsync(60));
            TimeSpan begin = run.World.Now;
            NetworkException failure = await Assert.ThrowsAsync<NetworkException>(() => run.TryConnectAsync(3600));
            Assert.Equal(NetworkError.Unreachable, failure.Error);
            Assert.InRange((run.World.Now - begin).TotalSeconds, 120, 130);
        });
        Assert.Equal(2, result.Faults["network.connect-hang"]);
    }

    [Fact]
    public void A_stall_makes_a_client_time_out_that_is_less_patient_than_a_retransmission()
    {
        var stall = new NetworkFaultOptions
        {
            StallPartsPerMillion = Always,
            StallMin = TimeSpan.FromSeconds(2),
            StallMax = TimeSpan.FromSeconds(3),
        };
        RunResult result = NetworkRun.Run(stall, async run =>
        {
            await run.Near.WriteAsync(new byte[] { 1 }, CancellationToken.None);
            run.Network.FaultOptions = NetworkFaultOptions.None;
            await run.Near.WriteAsync(new byte[] { 2 }, CancellationToken.None);
            var buffer = new byte[8];
            Assert.Null(await run.ReadAsync(run.Far, buffer, 1.9));

            // What is behind the lost chunk waits for it: order is kept.
            Assert.Equal(2, await run.ReadAsync(run.Far, buffer, 1.2));
            Assert.Equal([1, 2], buffer[..2]);
        });
        Assert.Equal(1, result.Faults["network.stall"]);
    }

    [Fact]
    public void A_reset_in_mid_frame_leaves_a_torn_frame_with_a_reader_that_takes_a_failure_for_the_end()
    {
        int torn = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            RunResult result = NetworkRun.Run(
                new NetworkFaultOptions { ResetPartsPerMillion = Always },
                async run =>
                {
                    await run.Near.WriteAsync(new byte[100], CancellationToken.None);
                    (int received, NetworkException failure) = await ReadUntilFailureAsync(run.Far);
                    Assert.Equal(NetworkError.Reset, failure.Error);
                    Assert.InRange(received, 0, 99);
                    torn += received > 0 ? 1 : 0;
                    (_, failure) = await ReadUntilFailureAsync(run.Near);
                    Assert.Equal(NetworkError.Reset, failure.Error);
                    await Assert.ThrowsAsync<NetworkException>(async () => await run.Near.WriteAsync(new byte[1], CancellationToken.None));
                },
                seed);
            Assert.Equal(1, result.Faults["network.reset"]);
        }

        Assert.InRange(torn, 1, Seeds);
    }

    [Fact]
    public void A_half_open_connection_leaves_one_end_waiting_for_ever_until_it_sends()
    {
        int nearKnows = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            RunResult result = NetworkRun.Run(
                new NetworkFaultOptions { HalfOpenPartsPerMillion = Always },
                async run =>
                {
                    await run.Near.WriteAsync(new byte[100], CancellationToken.None);
                    run.Network.FaultOptions = NetworkFaultOptions.None;
                    await run.PassAsync(1);
                    bool near = await KnowsAsync(run, run.Near);
                    bool far = await KnowsAsync(run, run.Far);
                    Assert.True(near != far, $"of the two ends exactly one is told; near: {near}, far: {far}");
                    nearKnows += near ? 1 : 0;
                    IConnection believer = near ? run.Far : run.Near;
                    await believer.WriteAsync(new byte[1], CancellationToken.None);
                    await run.PassAsync(1);
                    Assert.True(await KnowsAsync(run, believer));
                },
                seed);
            Assert.Equal(1, result.Faults["network.half-open"]);
        }

        Assert.InRange(nearKnows, 1, Seeds - 1);

        static async Task<bool> KnowsAsync(NetworkRun run, IConnection end)
        {
            try
            {
                while (await run.ReadAsync(end, new byte[200], 3600) is not null)
                {
                }

                return false;
            }
            catch (NetworkException)
            {
                return true;
            }
        }
    }

    [Fact]
    public void A_silent_direction_resets_its_writer_in_time_and_keeps_its_reader_waiting_for_ever()
    {
        var silence = new NetworkFaultOptions { SilencePartsPerMillion = Always };
        RunResult result = NetworkRun.Run(silence, async run =>
        {
            TimeSpan begin = run.World.Now;
            await run.Near.WriteAsync(new byte[100], CancellationToken.None);
            (_, NetworkException failure) = await ReadUntilFailureAsync(run.Near);
            Assert.Equal(NetworkError.Reset, failure.Error);
            Assert.InRange(run.World.Now - begin, silence.RetransmitLimitMin, silence.RetransmitLimitMax + TimeSpan.FromSeconds(1));
            Assert.Null(await run.ReadAsync(run.Far, new byte[100], 12 * 3600));
        });
        Assert.Equal(1, result.Faults["network.silence"]);
        Assert.Equal(1, result.Faults["network.give-up"]);
    }

    [Fact]
    public void A_clogged_link_is_late_for_a_while()
    {
        var clog = new NetworkFaultOptions
        {
            ClogPartsPerMillion = Always,
            ClogLatency = TimeSpan.FromSeconds(4),
            DegradedMin = TimeSpan.FromSeconds(5),
            DegradedMax = TimeSpan.FromSeconds(6),
        };
        RunResult result = NetworkRun.Run(clog, async run =>
        {
            await run.Near.WriteAsync(new byte[1], CancellationToken.None);
            run.Network.FaultOptions = NetworkFaultOptions.None;
            Assert.Null(await run.ReadAsync(run.Far, new byte[8], 3.9));
            Assert.Equal(1, await run.ReadAsync(run.Far, new byte[8], 0.2));
            await run.PassAsync(6);
            await run.Near.WriteAsync(new byte[1], CancellationToken.None);
            Assert.Equal(1, await run.ReadAsync(run.Far, new byte[8], 0.1));
        });
        Assert.Equal(1, result.Faults["network.clog"]);
    }

    [Fact]
    public void A_slow_link_makes_a_large_message_miss_its_limit()
    {
        var slow = new NetworkFaultOptions
        {
            SlowLinkPartsPerMillion = Always,
            SlowLinkBytesPerSecond = 1000,
            DegradedMin = TimeSpan.FromSeconds(100),
            DegradedMax = TimeSpan.FromSeconds(100),
        };
        RunResult result = NetworkRun.Run(slow, async run =>
        {
            await run.Near.WriteAsync(new byte[10_000], CancellationToken.None);
            Assert.Null(await run.ReadAsync(run.Far, new byte[10_000], 9.9));
            Assert.Equal(10_000, await run.ReadAsync(run.Far, new byte[10_000], 0.2));
        });
        Assert.Equal(1, result.Faults["network.slow-link"]);
    }

    [Fact]
    public void Partial_reads_and_segmentation_break_a_reader_that_takes_one_read_for_one_message()
    {
        Assert.True(OneReadIsOneMessage(NetworkFaultOptions.None, out _));
        Assert.False(OneReadIsOneMessage(new NetworkFaultOptions { PartialReadPartsPerMillion = Always }, out RunResult partial));
        Assert.InRange(partial.Faults["network.partial-read"], 1, long.MaxValue);
        Assert.False(OneReadIsOneMessage(new NetworkFaultOptions { SegmentationPartsPerMillion = Always }, out RunResult segmented));
        Assert.InRange(segmented.Faults["network.segmentation"], 1, long.MaxValue);

        static bool OneReadIsOneMessage(NetworkFaultOptions faults, out RunResult result)
        {
            bool holds = true;
            var jittery = new NetworkOptions();
            result = NetworkRun.Run(
                faults,
                async run =>
                {
                    for (int i = 0; i < 50; i++)
                    {
                        await run.Near.WriteAsync(new byte[64], CancellationToken.None);
                        int filled = await run.Far.ReadAsync(new byte[64], CancellationToken.None);
                        holds &= filled == 64;
                        while (filled < 64)
                        {
                            filled += await run.Far.ReadAsync(new byte[64 - filled], CancellationToken.None);
                        }
                    }
                },
                network: jittery);
            return holds;
        }
    }

    private static async Task<(int Received, NetworkException Failure)> ReadUntilFailureAsync(IConnection connection)
    {
        int received = 0;
        while (true)
        {
            try
            {
                int read = await connection.ReadAsync(new byte[4096], CancellationToken.None);
                Assert.NotEqual(0, read);
                received += read;
            }
            catch (NetworkException failure)
            {
                return (received, failure);
            }
        }
    }
}
