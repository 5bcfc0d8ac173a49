using System.Collections.Immutable;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Client;
using SimGraph.Replication.Node;
using SimGraph.Runtime.Network;
using SimGraph.Storage.Graph;
using Xunit;

namespace SimGraph.Tests.Replication;

/// <summary>Clusters that grow, shrink and change their leader, over real sockets.</summary>
public sealed class ReplicaMembershipTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_of_one_grows_to_three_and_outlives_its_founder()
    {
        await using var cluster = new LoopbackCluster(3, founders: 1);
        await cluster.StartAsync(1);
        GraphClient client = cluster.Client();
        await client.WriteAsync(Create(), Cancellation);
        ClusterAdministrator administrator = cluster.Administrator();
        foreach (int node in (int[])[2, 3])
        {
            var id = new NodeId(node);
            await cluster.StartAsync(node);
            ClusterDescription added = await administrator.AddLearnerAsync(id, cluster.Members[id], priority: 0, Cancellation);
            Assert.Equal(id, Assert.Single(added.Membership.Learners).Id);
            ClusterDescription promoted = await administrator.PromoteAsync(id, Cancellation);
            Assert.True(promoted.Membership.IsVoter(id));
            Assert.True(promoted.Index > added.Index);
        }

        // What is so already counts as done.
        Assert.Equal(3, (await administrator.PromoteAsync(new NodeId(3), Cancellation)).Membership.Voters.Length);
        ClusterDescription removed = await administrator.RemoveAsync(new NodeId(1), Cancellation);
        Assert.Equal([2, 3], removed.Membership.Voters.Select(voter => voter.Id.Value));
        await cluster.StopAsync(1);
        await client.WriteAsync(Create(), Cancellation);
        Assert.Equal(2, await CountAsync(client, ReadMode.Quorum));

        // The two remember who they are.
        await cluster.StopAllAsync();
        await cluster.StartAsync(2);
        await cluster.StartAsync(3);
        Assert.Equal(2, await CountAsync(client, ReadMode.Quorum));
        Assert.Equal(removed.Membership, (await administrator.DescribeAsync(Cancellation)).Membership);
    }

    [Fact]
    public async Task The_leadership_goes_where_it_is_sent_and_reads_by_lease_follow()
    {
        await using var cluster = new LoopbackCluster(3) { LeaseDriftBound = 0.1 };
        for (int node = 1; node <= 3; node++)
        {
            await cluster.StartAsync(node);
        }

        GraphClient client = cluster.Client();
        ClusterAdministrator administrator = cluster.Administrator();
        for (int node = 1; node <= 3; node++)
        {
            await client.WriteAsync(Create(), Cancellation);
            await administrator.TransferLeadershipAsync(new NodeId(node), Cancellation);
            Assert.Equal(node, await CountAsync(client, ReadMode.Lease));
        }
    }

    [Fact]
    public async Task What_the_membership_does_not_allow_is_refused_with_a_reason()
    {
        await using var cluster = new LoopbackCluster(1);
        await cluster.StartAsync(1);
        ClusterAdministrator administrator = cluster.Administrator();
        RequestRefusedException last = await Assert.ThrowsAsync<RequestRefusedException>(() => administrator.RemoveAsync(new NodeId(1), Cancellation));
        Assert.Contains("only voter", last.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RequestRefusedException>(() => administrator.PromoteAsync(new NodeId(2), Cancellation));
        await Assert.ThrowsAsync<RequestRefusedException>(() => administrator.TransferLeadershipAsync(new NodeId(2), Cancellation));
        await administrator.StopAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => administrator.DescribeAsync(Cancellation));
    }

    public static TheoryData<string> QuestionsAboutThePresent { get; } = ["describe", "promote a voter", "promote nobody", "transfer to the leader", "transfer to nobody"];

    [Theory]
    [MemberData(nameof(QuestionsAboutThePresent))]
    public void A_leader_that_nobody_follows_any_more_tells_nothing_about_the_membership(string question)
    {
        SimulatedCluster.Run(3, async cluster =>
        {
            int leader = await cluster.LeaderAsync();
            await cluster.UntilAsync(() => cluster.Nodes[leader].Status.AppliedIndex > 0);
            foreach (int other in cluster.Machines.Keys.Where(node => node != leader))
            {
                cluster.World.Network.Partition(cluster.Machines[leader], cluster.Machines[other]);
            }

            await cluster.AdministerAsync(
                async administrator =>
                {
                    await Assert.ThrowsAsync<TimeoutException>(() => AskAsync(administrator, question, leader));
                    Assert.Equal(ConsensusRole.Leader, cluster.Nodes[leader].Status.Role);
                },
                options => options with { Addresses = [SimulatedCluster.AddressOf(leader)], OperationLimit = SimulatedCluster.ElectionTimeout / 2 });
            cluster.World.Network.HealAll();
            await cluster.AdministerAsync(async administrator =>
            {
                Assert.Equal(3, (await administrator.DescribeAsync(CancellationToken.None)).Membership.Voters.Length);
                Task asked = AskAsync(administrator, question, await cluster.LeaderAsync());
                await (question.EndsWith("nobody", StringComparison.Ordinal) ? Assert.ThrowsAsync<RequestRefusedException>(() => asked) : asked);
            });
        });
    }

    [Fact]
    public async Task The_observer_sees_every_role_in_order_and_nothing_after_the_stop()
    {
        await using var cluster = new LoopbackCluster(1);
        var observer = new RoleObserver();
        await cluster.StartAsync(1, observer);
        await cluster.Client().WriteAsync(Create(), Cancellation);
        await cluster.StopAllAsync();
        int seen = observer.Seen.Length;
        Assert.Equal([(ConsensusRole.Candidate, 1UL), (ConsensusRole.Leader, 1UL)], observer.Seen.Take(2));
        Assert.Equal(seen, observer.Seen.Length);
        Assert.Equal([0UL, 1UL], observer.Memberships);
    }

    [Fact]
    public void Options_that_name_nobody_need_an_address_to_join_with()
    {
        ReplicaOptions joining = new() { Self = new NodeId(4), Members = ImmutableSortedDictionary<NodeId, NetworkAddress>.Empty };
        Assert.Throws<ArgumentException>(joining.Validate);
        (joining with { AdvertisedAddress = new NetworkAddress("n4", 1) }).Validate();
        Assert.Throws<ArgumentException>((joining with { AdvertisedAddress = new NetworkAddress("n4", 1), LeaseDriftBound = -1 }).Validate);
    }

    private static Task AskAsync(ClusterAdministrator administrator, string question, int leader) => question switch
    {
        "describe" => administrator.DescribeAsync(CancellationToken.None),
        "promote a voter" => administrator.PromoteAsync(new NodeId(leader), CancellationToken.None),
        "promote nobody" => administrator.PromoteAsync(new NodeId(9), CancellationToken.None),
        "transfer to the leader" => administrator.TransferLeadershipAsync(new NodeId(leader), CancellationToken.None),
        _ => administrator.TransferLeadershipAsync(new NodeId(9), CancellationToken.None),
    };

    private static GraphCommand Create() => new(new CreateNode(LabelSet.Of("L"), PropertyMap.Empty));

    private static async Task<long> CountAsync(GraphClient client, ReadMode mode) =>
        Assert.IsType<CountAnswer>(await client.ReadAsync(new CountNodes(), mode, Cancellation)).Count;
}
