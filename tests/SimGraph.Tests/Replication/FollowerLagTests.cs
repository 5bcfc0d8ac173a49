using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Node;
using SimGraph.Storage.Graph;
using Xunit;

namespace SimGraph.Tests.Replication;

public sealed class FollowerLagTests
{
    private static readonly NodeId Follower = new(2);
    private static readonly GraphCommand Command = new(new CreateNode(LabelSet.Of("written"), PropertyMap.Empty));

    [Fact]
    public void A_follower_that_holds_everything_has_no_lag_however_long_nothing_happens()
    {
        var mark = new FollowerMark(Follower, Seconds(1));
        mark.Note(match: 7, last: 7, Seconds(2));
        Assert.Equal(new FollowerLag(Follower, 0, TimeSpan.Zero), mark.Read(7, Seconds(1000)));
    }

    [Fact]
    public void The_lag_counts_from_the_last_moment_whose_log_the_follower_is_known_to_hold()
    {
        var mark = new FollowerMark(Follower, Seconds(1));
        mark.Note(7, 7, Seconds(2));
        mark.Note(7, 10, Seconds(3));
        Assert.Equal(new FollowerLag(Follower, 3, Seconds(1)), mark.Read(10, Seconds(3)));

        // It never reaches the moving end, and holds what the leader had at second 3.
        mark.Note(9, 20, Seconds(4));
        Assert.Equal(new FollowerLag(Follower, 11, Seconds(3)), mark.Read(20, Seconds(5)));
        mark.Note(10, 30, Seconds(6));
        Assert.Equal(new FollowerLag(Follower, 20, Seconds(3)), mark.Read(30, Seconds(6)));
        mark.Note(30, 40, Seconds(7));
        Assert.Equal(new FollowerLag(Follower, 10, Seconds(1)), mark.Read(40, Seconds(7)));
    }

    [Fact]
    public void A_follower_that_never_answered_lags_since_it_is_counted()
    {
        var mark = new FollowerMark(Follower, Seconds(5));
        mark.Note(0, ulong.MaxValue, Seconds(6));
        Assert.Equal(new FollowerLag(Follower, ulong.MaxValue, Seconds(4)), mark.Read(ulong.MaxValue, Seconds(9)));
    }

    [Fact]
    public void Neither_an_index_that_is_ahead_nor_a_clock_that_is_behind_wraps()
    {
        var mark = new FollowerMark(Follower, Seconds(5));
        mark.Note(8, 7, Seconds(5));
        Assert.Equal(new FollowerLag(Follower, 0, TimeSpan.Zero), mark.Read(7, Seconds(6)));
        mark.Note(7, 8, Seconds(5));
        Assert.Equal(new FollowerLag(Follower, 1, TimeSpan.Zero), mark.Read(8, Seconds(4)));
    }

    [Fact]
    public void A_leader_tells_how_far_a_follower_is_behind_that_is_cut_off_and_when_it_has_caught_up()
    {
        SimulatedCluster.Run(3, async cluster =>
        {
            int leader = await cluster.LeaderAsync();
            int cut = leader % 3 + 1;
            await cluster.UseAsync(async (client, _) =>
            {
                await client.WriteAsync(Command, CancellationToken.None);
                await cluster.UntilAsync(() => LagOf(cluster, leader, cut).Entries == 0);
                cluster.World.Network.CutAll(cluster.Machines[cut]);
                TimeSpan cutAt = cluster.World.Now;
                for (int i = 0; i < 50; i++)
                {
                    await client.WriteAsync(Command, CancellationToken.None);
                }

                await cluster.DelayAsync(TimeSpan.FromSeconds(20));
                FollowerLag lag = LagOf(cluster, leader, cut);
                Assert.Equal(50UL, lag.Entries);
                Assert.InRange(lag.Time, cluster.World.Now - cutAt - TimeSpan.FromMilliseconds(100), cluster.World.Now - cutAt + TimeSpan.FromMilliseconds(100));
                FollowerLag other = cluster.Nodes[leader].Status.Followers.Single(follower => follower.Follower.Value != cut);
                Assert.Equal((0UL, TimeSpan.Zero), (other.Entries, other.Time));
                Assert.Empty(cluster.Nodes[other.Follower.Value].Status.Followers);

                cluster.World.Network.HealAll();
                await cluster.UntilAsync(() => LagOf(cluster, leader, cut).Entries == 0);
                Assert.Equal(TimeSpan.Zero, LagOf(cluster, leader, cut).Time);
            });
        });
    }

    private static FollowerLag LagOf(SimulatedCluster cluster, int leader, int follower) =>
        cluster.Nodes[leader].Status.Followers.Single(lag => lag.Follower.Value == follower);

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
