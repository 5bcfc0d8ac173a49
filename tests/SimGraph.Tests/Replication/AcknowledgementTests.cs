// What each way of acknowledgement promises, and what it does not. Every story here ends differently in at least two of the ways.

using SimGraph.Cluster.Consensus;
using SimGraph.Replication;
using SimGraph.Replication.Client;
using SimGraph.Replication.Wire;
using SimGraph.Runtime;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Replication;

public sealed class AcknowledgementTests
{
    private static readonly GraphCommand Command = new(new CreateNode(LabelSet.Of("written"), PropertyMap.Empty));

    [Fact]
    public void An_asynchronous_write_is_accepted_by_a_leader_that_reaches_nobody_and_lost_with_it()
    {
        SimulatedCluster.Run(3, async cluster =>
        {
            int leader = await cluster.LeaderAsync();
            await cluster.UseAsync(
                async (client, _) =>
                {
                    await client.WriteAsync(Command, CancellationToken.None);
                    ulong committed = cluster.Nodes[leader].Status.CommitIndex;
                    foreach (int other in cluster.Machines.Keys.Where(node => node != leader))
                    {
                        cluster.World.Network.Partition(cluster.Machines[leader], cluster.Machines[other]);
                    }

                    WriteAnswer answer = await client.WriteAsync(Command, WriteAcknowledgement.Asynchronous, CancellationToken.None);
                    Assert.False(answer.IsReplicated);
                    Assert.Null(answer.Outcome);
                    Assert.Equal(new LogPosition(committed + 1, cluster.Nodes[leader].Status.Term), answer.AcceptedAt);

                    int successor = await cluster.LeaderAsync([.. cluster.Machines.Keys.Where(node => node != leader)]);
                    Assert.NotEqual(leader, successor);
                    Assert.True((await client.WriteAsync(Command, WriteAcknowledgement.Quorum, CancellationToken.None)).IsReplicated);
                    cluster.World.Network.HealAll();
                    Assert.Equal(2, await CountAsync(client));
                },
                options => options with { Addresses = [SimulatedCluster.AddressOf(leader), .. options.Addresses], RequestLimit = TimeSpan.FromSeconds(2) });
        });
    }

    [Fact]
    public void An_asynchronous_write_of_a_healthy_cluster_is_applied_once()
    {
        SimulatedCluster.Run(3, async cluster => await cluster.UseAsync(async (client, _) =>
        {
            for (int i = 0; i < 20; i++)
            {
                Assert.NotNull((await client.WriteAsync(Command, WriteAcknowledgement.Asynchronous, CancellationToken.None)).AcceptedAt);
            }

            await client.WriteAsync(Command, CancellationToken.None);
            Assert.Equal(21, await CountAsync(client));
        }));
    }

    [Fact]
    public void An_asynchronous_write_of_an_evicted_session_is_not_accepted_into_nothing()
    {
        SimulatedCluster.Run(1, async cluster =>
        {
            await cluster.UseAsync(async (first, platform) =>
            {
                await first.WriteAsync(Command, CancellationToken.None);
                var second = new GraphClient(platform, new ClientOptions { Addresses = [SimulatedCluster.AddressOf(1)] });
                await second.WriteAsync(Command, CancellationToken.None);
                await second.StopAsync();

                WriteAnswer answer = await first.WriteAsync(Command, WriteAcknowledgement.Asynchronous, CancellationToken.None);
                Assert.NotNull(answer.AcceptedAt);
                await first.WriteAsync(Command, CancellationToken.None);
                Assert.Equal(4, await CountAsync(first));
            });
        }, options => options with { State = options.State with { SessionsMax = 1 } });
    }

    [Fact]
    public void A_write_for_all_waits_for_the_member_that_is_away_and_a_write_for_a_quorum_does_not()
    {
        SimulatedCluster.Run(3, async cluster =>
        {
            int leader = await cluster.LeaderAsync();
            int away = leader % 3 + 1;
            await cluster.Machines[away].StopAsync(TimeSpan.FromSeconds(10));
            await cluster.UseAsync(async (client, platform) =>
            {
                Assert.True((await client.WriteAsync(Command, WriteAcknowledgement.Quorum, CancellationToken.None)).IsReplicated);
                Task<WriteAnswer> all = client.WriteAsync(Command, WriteAcknowledgement.All, CancellationToken.None);
                await platform.Clock.DelayAsync(TimeSpan.FromSeconds(3), CancellationToken.None);
                Assert.False(all.IsCompleted);
                Assert.True(cluster.Nodes[leader].Status.AppliedIndex >= 3, "the write is applied long before it is acknowledged");

                cluster.Boot(away);
                Assert.True((await all).IsReplicated);
                Assert.True(cluster.Nodes[away].Status.Last.Index >= 4, "every member has it");
            });
        });
    }

    [Fact]
    public void A_write_for_all_waits_for_learners_too()
    {
        SimulatedCluster.Run(4, async cluster =>
        {
            await cluster.AdministerAsync(administrator =>
                administrator.AddLearnerAsync(new NodeId(4), SimulatedCluster.AddressOf(4), priority: 0, CancellationToken.None));
            await cluster.UseAsync(async (client, platform) =>
            {
                Task<WriteAnswer> all = client.WriteAsync(Command, WriteAcknowledgement.All, CancellationToken.None);
                await platform.Clock.DelayAsync(TimeSpan.FromSeconds(3), CancellationToken.None);
                Assert.False(all.IsCompleted);
                cluster.Boot(4);
                Assert.True((await all).IsReplicated);
            });
        }, founders: 3);
    }

    [Fact]
    public void The_outcome_of_a_write_for_all_is_unknown_when_the_limit_has_passed_and_it_is_applied_once()
    {
        SimulatedCluster.Run(3, async cluster =>
        {
            int leader = await cluster.LeaderAsync();
            await cluster.Machines[leader % 3 + 1].StopAsync(TimeSpan.FromSeconds(10));
            await cluster.UseAsync(async (client, _) =>
            {
                await Assert.ThrowsAsync<OutcomeUnknownException>(() => client.WriteAsync(Command, WriteAcknowledgement.All, CancellationToken.None));
                Assert.Equal(1, await CountAsync(client));
            });
        }, options => options with { AcknowledgeAllLimit = TimeSpan.FromSeconds(1) });
    }

    [Theory]
    [InlineData(WriteAcknowledgement.Asynchronous)]
    [InlineData(WriteAcknowledgement.Quorum)]
    [InlineData(WriteAcknowledgement.All)]
    public void The_cluster_says_what_a_write_gets_that_asks_for_nothing(WriteAcknowledgement byDefault)
    {
        SimulatedCluster.Run(3, async cluster =>
        {
            int leader = await cluster.LeaderAsync();
            await cluster.Machines[leader % 3 + 1].StopAsync(TimeSpan.FromSeconds(10));
            await cluster.UseAsync(async (client, _) =>
            {
                Task<WriteAnswer> asked = client.WriteAsync(Command, WriteAcknowledgement.ClusterDefault, CancellationToken.None);
                if (byDefault == WriteAcknowledgement.All)
                {
                    await Assert.ThrowsAsync<OutcomeUnknownException>(() => asked);
                    await Assert.ThrowsAsync<OutcomeUnknownException>(() => client.WriteAsync(Command, CancellationToken.None));
                }
                else
                {
                    Assert.Equal(byDefault == WriteAcknowledgement.Quorum, (await asked).IsReplicated);
                    Assert.True((await client.WriteAsync(Command, CancellationToken.None)).IsApplied);
                }
            });
        }, options => options with { DefaultAcknowledgement = byDefault });
    }

    [Fact]
    public void The_place_of_an_accepted_write_is_encoded_exactly()
    {
        var position = new LogPosition(0x0123456789ABCDEF, 77);
        byte[] body = AcceptedPosition.Encode(position);
        Assert.Equal(position, AcceptedPosition.Decode(body));
        Assert.Throws<ProtocolException>(() => AcceptedPosition.Decode(body.AsSpan(1)));
        Assert.Throws<ProtocolException>(() => AcceptedPosition.Decode([.. body, 0]));
        Assert.Throws<ProtocolException>(() => AcceptedPosition.Decode(new byte[16]));
    }

    private static async Task<long> CountAsync(GraphClient client) =>
        ((CountAnswer)await client.ReadAsync(new CountNodes(), CancellationToken.None)).Count;
}
