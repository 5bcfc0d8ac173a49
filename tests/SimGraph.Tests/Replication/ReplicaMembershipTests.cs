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

    private static GraphCommand Create() => new(new CreateNode(LabelSet.Of("L"), PropertyMap.Empty));

    private static async Task<long> CountAsync(GraphClient client, ReadMode mode) =>
        Assert.IsType<CountAnswer>(await client.ReadAsync(new CountNodes(), mode, Cancellation)).Count;
}
