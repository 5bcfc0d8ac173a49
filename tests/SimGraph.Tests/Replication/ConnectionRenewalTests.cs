// Connections end because of their age or their silence while the cluster works, and nobody notices. Each story runs in virtual time, where an hour costs nothing.

using SimGraph.Replication;
using SimGraph.Replication.Client;
using SimGraph.Replication.Peers;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Graph;
using SimGraph.Tests.Storage.Audit;
using Xunit;

namespace SimGraph.Tests.Replication;

public sealed class ConnectionRenewalTests
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(1);
    private static readonly GraphCommand Command = new(new CreateNode(LabelSet.Of("written"), PropertyMap.Empty));

    [Fact]
    public void Peers_renew_their_connections_and_the_leader_stays_and_loses_no_message()
    {
        RunResult result = SimulatedCluster.Run(3, async cluster => await cluster.UseAsync(async (client, platform) =>
        {
            await client.WriteAsync(Command, CancellationToken.None);
            ulong[] terms = [.. cluster.Nodes.Values.Select(node => node.Status.Term)];
            for (int i = 0; i < 600; i++)
            {
                await client.WriteAsync(Command, CancellationToken.None);
                await platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(100), CancellationToken.None);
            }

            Assert.Equal(terms, cluster.Nodes.Values.Select(node => node.Status.Term));
            Assert.Equal(601, await CountAsync(client));
        }), options => options with { ConnectionAgeLimit = Age, ConnectionRenewalLimit = Renewal });

        // The leader speaks to two peers, each speaks to the leader: four connections, in a minute and of two seconds at most.
        Assert.True(result.Probes["repl.peer-connection-retired"].Hits >= 100, $"{result.Probes["repl.peer-connection-retired"].Hits} renewals");
        Assert.DoesNotContain("repl.duplicate-connection-replaced", result.Probes.Keys);
        Assert.DoesNotContain("raft.append-rejected", result.Probes.Keys);
    }

    [Fact]
    public void A_client_renews_its_connection_before_the_node_does_and_sends_nothing_twice()
    {
        RunResult result = SimulatedCluster.Run(
            1,
            async cluster => await cluster.UseAsync(
                async (client, platform) => await WriteForAMinuteAsync(client, platform), options => options with { ConnectionAgeLimit = Age / 2 }),
            options => options with { ConnectionAgeLimit = Age, ConnectionRenewalLimit = Renewal });
        Assert.True(result.Probes["client.connection-retired"].Hits >= 59, $"{result.Probes["client.connection-retired"].Hits} renewals");
        Assert.DoesNotContain("client.retried-write", result.Probes.Keys);
        Assert.DoesNotContain("repl.client-connection-retired", result.Probes.Keys);
    }

    [Fact]
    public void A_client_that_does_not_care_is_sent_away_and_no_write_is_lost_or_done_twice()
    {
        RunResult result = SimulatedCluster.Run(
            3,
            async cluster => await cluster.UseAsync(async (client, platform) => await WriteForAMinuteAsync(client, platform)),
            options => options with { ConnectionAgeLimit = Age, ConnectionRenewalLimit = Renewal });
        Assert.True(result.Probes["repl.client-connection-retired"].Hits >= 20, $"{result.Probes["repl.client-connection-retired"].Hits} ends");
    }

    [Fact]
    public void A_client_that_was_idle_for_long_opens_another_connection_first()
    {
        RunResult result = SimulatedCluster.Run(1, async cluster => await cluster.UseAsync(async (client, platform) =>
        {
            await client.WriteAsync(Command, CancellationToken.None);
            await platform.Clock.DelayAsync(TimeSpan.FromMinutes(3), CancellationToken.None);
            await client.WriteAsync(Command, CancellationToken.None);
            Assert.Equal(2, await CountAsync(client));
        }));
        Assert.Equal(1, result.Probes["client.connection-retired"].Hits);
        Assert.DoesNotContain("client.retried-write", result.Probes.Keys);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_that_stays_silent_or_does_not_hang_up_is_ended_then_aborted(bool isIdle)
    {
        TimeSpan limit = TimeSpan.FromSeconds(10);
        SimulatedCluster.Run(
            1,
            async cluster =>
            {
                await cluster.LeaderAsync();
                await cluster.UseAsync(async (_, platform) =>
                {
                    TimeSpan begin = platform.Clock.Elapsed();
                    DialledConnection dialled = await DialAsync(platform);
                    byte[] buffer = new byte[64];
                    Assert.Equal(0, await dialled.Connection.ReadAsync(buffer, CancellationToken.None));
                    Assert.InRange(platform.Clock.Elapsed() - begin, limit * (isIdle ? 1 : 0.75), limit + TimeSpan.FromSeconds(1));

                    // It does not close, so the node resets it.
                    await platform.Clock.DelayAsync(Renewal + TimeSpan.FromSeconds(1), CancellationToken.None);
                    await Assert.ThrowsAsync<NetworkException>(async () => await dialled.Connection.WriteAsync(new byte[1], CancellationToken.None));
                    await dialled.Connection.DisposeAsync();
                });
            },
            options => isIdle
                ? options with { IdleLimit = limit, ConnectionRenewalLimit = Renewal }
                : options with { ConnectionAgeLimit = limit, ConnectionRenewalLimit = Renewal });
    }

    [Fact]
    public void A_peer_that_does_not_renew_its_connection_is_aborted()
    {
        SimulatedCluster.Run(
            1,
            async cluster =>
            {
                await cluster.LeaderAsync();
                await cluster.UseAsync(async (_, platform) =>
                {
                    DialledConnection dialled = await DialAsync(platform, HandshakeRole.Peer);
                    TimeSpan begin = platform.Clock.Elapsed();
                    await Assert.ThrowsAsync<NetworkException>(async () => await dialled.Connection.ReadAsync(new byte[64], CancellationToken.None));
                    Assert.InRange(platform.Clock.Elapsed() - begin, Age + Renewal, Age + Renewal + TimeSpan.FromSeconds(1));
                    await dialled.Connection.DisposeAsync();
                });
            },
            options => options with { ConnectionAgeLimit = Age, ConnectionRenewalLimit = Renewal });
    }

    [Fact]
    public async Task A_retired_link_answers_what_it_took_refuses_the_rest_and_then_ends()
    {
        var connection = new RecordedConnection();
        var link = new ClientLink(connection, new ManualClock(), pipelinedMax: 2, FrameFormat.DefaultPayloadMax);
        Task writing = link.WriteAsync(CancellationToken.None);
        Assert.True(await link.AcquireSlotAsync(CancellationToken.None));
        Assert.True(await link.AcquireSlotAsync(CancellationToken.None));
        ValueTask<bool> third = link.AcquireSlotAsync(CancellationToken.None);
        Assert.True(link.TryRetire());
        Assert.False(link.TryRetire());
        Assert.False(await third);
        Assert.False(await link.AcquireSlotAsync(CancellationToken.None));
        link.Refuse(3, "no"u8.ToArray());
        link.Reply(1, ResponseStatus.Done, default);
        await connection.WhenWrittenAsync(2);
        Assert.False(connection.IsCompleted);
        link.Reply(2, ResponseStatus.Done, default);
        await writing;
        Assert.True(connection.IsCompleted);
        Assert.Equal([(3, ResponseStatus.Stopping), (1, ResponseStatus.Done), (2, ResponseStatus.Done)], connection.Responses());
    }

    [Fact]
    public async Task A_retired_link_that_took_nothing_ends_at_once()
    {
        var connection = new RecordedConnection();
        var link = new ClientLink(connection, new ManualClock(), pipelinedMax: 2, FrameFormat.DefaultPayloadMax);
        Assert.True(link.TryRetire());
        await link.WriteAsync(CancellationToken.None);
        Assert.True(connection.IsCompleted);
    }

    [Fact]
    public void Connections_that_begin_together_do_not_end_together()
    {
        var random = new Random(7);
        TimeSpan[] ages = [.. Enumerable.Range(0, 1000).Select(_ => ConnectionAge.Draw(Age, random))];
        Assert.All(ages, age => Assert.InRange(age, Age * 0.75, Age));
        Assert.True(ages.Max() - ages.Min() > Age * 0.2);
        Assert.True(ages.Distinct().Count() > 900);
    }

    private static async Task WriteForAMinuteAsync(GraphClient client, IPlatform platform)
    {
        int written = 0;
        TimeSpan begin = platform.Clock.Elapsed();
        for (; platform.Clock.Elapsed() - begin < TimeSpan.FromMinutes(1); written++)
        {
            Assert.True((await client.WriteAsync(Command, CancellationToken.None)).IsApplied);
            await platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }

        Assert.Equal(written, await CountAsync(client));
    }

    private static Task<DialledConnection> DialAsync(IPlatform platform, HandshakeRole role = HandshakeRole.Client)
    {
        var hello = new HandshakeRequest(HandshakeRequest.CurrentVersion, role, role == HandshakeRole.Peer ? 9 : 0, 0, "simgraph", role == HandshakeRole.Peer ? "n9:7000" : string.Empty);
        var limits = new DialLimits(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), FrameFormat.DefaultPayloadMax);
        return DialledConnection.DialAsync(platform, SimulatedCluster.AddressOf(1), hello, limits, CancellationToken.None);
    }

    private static async Task<long> CountAsync(GraphClient client) =>
        ((CountAnswer)await client.ReadAsync(new CountNodes(), CancellationToken.None)).Count;

    private sealed class RecordedConnection : IConnection
    {
        private readonly object _gate = new();
        private readonly MemoryStream _written = new();
        private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];

        public bool IsCompleted { get; private set; }

        public NetworkAddress LocalAddress { get; } = new("here", 1);

        public NetworkAddress RemoteAddress { get; } = new("there", 2);

        public Task WhenWrittenAsync(int responses)
        {
            lock (_gate)
            {
                var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add((responses, reached));
                Tell();
                return reached.Task;
            }
        }

        public List<(ulong, ResponseStatus)> Responses()
        {
            lock (_gate)
            {
                var reader = new FrameReader(new ScriptedConnection(_written.ToArray(), () => int.MaxValue), FrameFormat.DefaultPayloadMax);
                var responses = new List<(ulong, ResponseStatus)>();
#pragma warning disable CA2012 // It reads from memory.
                while (reader.FillAsync(CancellationToken.None) is { IsCompleted: true, Result: true })
#pragma warning restore CA2012
                {
                    while (reader.TryRead(out _, out ReadOnlyMemory<byte> payload))
                    {
                        var response = ClientResponse.Decode(payload.Span);
                        responses.Add((response.Id, response.Status));
                    }
                }

                return responses;
            }
        }

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                Assert.False(IsCompleted);
                _written.Write(buffer.Span);
                Tell();
            }

            return ValueTask.CompletedTask;
        }

        public void CompleteWrites() => IsCompleted = true;

        public void Abort()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private void Tell()
        {
            int written = Responses().Count;
            foreach ((_, TaskCompletionSource reached) in _waiting.Where(waiting => waiting.Count <= written))
            {
                reached.TrySetResult();
            }
        }
    }
}
