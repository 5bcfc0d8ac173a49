// Scripts that follow the log's state. A random script meets the orders of events in which a consensus algorithm may lose an entry far too seldom: they need leaders that come and go, or members that stop, while
// entries are on some disks and not on others. These know from the nodes' own words what is on which disk, and act in the very step in which it gets there. What is judged is judged by the
// checkers that watch every run.

using SimGraph.Cluster.Consensus;
using SimGraph.Properties.Cluster.Checkers;
using SimGraph.Properties.Cluster.Plan;
using SimGraph.Runtime;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Network;
using SimGraph.Simulation.Trace;
using SimGraph.Storage.Log;

namespace SimGraph.Properties.Cluster.Faults;

/// <summary>Plays the maneuvers of a plan, one after the other.</summary>
internal sealed class LogManeuvers(World world, IPlatform harness, ClusterPlan plan, ClusterUnderTest cluster, NodeFaults faults)
{
    private const int PatienceElectionTimeouts = 8;
    private const int VotersLeast = 3;
    private const int CrawlPartsPerMillion = -900_000;

    private TimeSpan Patience => plan.ElectionTimeout * PatienceElectionTimeouts;

    private DurableLogs Logs => cluster.Logs;

    /// <summary>Plays all of them.</summary>
    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        TimeSpan start = world.Now;
        foreach (PlannedManeuver maneuver in plan.Maneuvers)
        {
            await harness.Clock.DelayAsync(start + maneuver.At - world.Now, cancellationToken);
            if (cluster.Leader is not { } leader || cluster.Nodes.Count < VotersLeast)
            {
                continue;
            }

            world.CountFault($"maneuver.{maneuver.Kind}");
            world.Trace.Emit(TraceKind.Fault, leader.Machine, (long)maneuver.Kind, maneuver.Duration.Ticks, world.Trace.IsRecording ? maneuver.ToString() : null);
            bool isDone = maneuver.Kind switch
            {
                ManeuverKind.FormerLeaderReturns => await FormerLeaderReturnsAsync(leader, maneuver.Duration, cancellationToken),
                ManeuverKind.LeadersAlternate => await LeadersAlternateAsync(leader, maneuver.Duration, cancellationToken),
                ManeuverKind.SlowLeaderStays => await SlowLeaderStaysAsync(leader, maneuver.Duration, cancellationToken),
                ManeuverKind.FollowerStopsWhileItWrites => await FollowerStopsWhileItWritesAsync(leader, maneuver.Duration, cancellationToken),
                _ => throw new InvalidOperationException($"no such maneuver: {maneuver.Kind}"),
            };
            if (isDone)
            {
                world.Count($"cluster.maneuver-completed.{maneuver.Kind}");
            }
        }
    }

    private async Task<bool> FormerLeaderReturnsAsync(ClusterNode former, TimeSpan duration, CancellationToken cancellationToken)
    {
        ulong term = cluster.Elections.NewestTerm;
        ClusterNode? successor = null;
        faults.CutFromPeers(former);
        bool isSucceeded = await cluster.Triggers.ActAsync(
            () => cluster.Commits.At(cluster.Commits.Newest).Term > term && (successor = cluster.Leader) is not null && successor != former,
            () => Replace(former, by: successor!),
            Patience,
            cancellationToken);
        if (!isSucceeded)
        {
            faults.RejoinPeers(former);
            return false;
        }

        await faults.DownAsync([successor!], static machine => machine.Crash(), duration, cancellationToken);
        faults.RejoinPeers(successor!);
        return true;
    }

    private async Task<bool> LeadersAlternateAsync(ClusterNode first, TimeSpan duration, CancellationToken cancellationToken)
    {
        ulong firstTerm = cluster.Elections.NewestTerm;
        ClusterNode? second = null;
        faults.CutFromPeers(first);

        // The second is cut off when its first entry is on its own disk, and before it has sent it.
        bool alternates =
            await HappensAsync(() => HoldsAlone(first), static () => { }, cancellationToken) &&
            await HappensAsync(() => (second = LeaderByLog(firstTerm)) is not null, () => Replace(second!, by: first), cancellationToken) &&
            await ReplicateOldEntriesAsync(first, second!, firstTerm, cancellationToken);
        if (!alternates)
        {
            Rejoin(first, second);
            return false;
        }

        // Time for what was acknowledged to arrive, and to be counted.
        await harness.Clock.DelayAsync(plan.HeartbeatInterval, cancellationToken);
        first.IsHeldDown = true;
        first.Machine.Crash();
        Rejoin(first, second);
        await faults.UpAsync([first], duration, cancellationToken);
        return true;
    }

    /// <summary>Lets the first leader, which leads again, send others what it holds of its old term, and nothing of its new one, until with itself they are a majority.</summary>
    private async Task<bool> ReplicateOldEntriesAsync(ClusterNode first, ClusterNode second, ulong firstTerm, CancellationToken cancellationToken)
    {
        var reached = new List<ClusterNode>();
        int wanted = cluster.Founders.Count / 2;
        while (reached.Count < wanted)
        {
            ClusterNode? next = null;
            bool isReached = await HappensAsync(
                () => Logs.LastOf(first.Id).Term > firstTerm && (next = cluster.Nodes.FirstOrDefault(IsNext)) is not null,
                () => world.Network.Partition(first.Machine, next!.Machine, PartitionDirection.FirstToSecond),
                cancellationToken);
            if (!isReached)
            {
                return false;
            }

            reached.Add(next!);
        }

        return true;

        bool IsNext(ClusterNode node)
        {
            LogPosition last = Logs.LastOf(node.Id);
            return node != first && node != second && !reached.Contains(node) &&
                last.Index > cluster.Commits.Newest && last.Term <= firstTerm && Logs.Holds(first.Id, last);
        }
    }

    private async Task<bool> SlowLeaderStaysAsync(ClusterNode former, TimeSpan duration, CancellationToken cancellationToken)
    {
        ulong term = cluster.Elections.NewestTerm;
        former.ClockCrawls = true;
        former.Machine.Clock.SetDrift(former.Machine, CrawlPartsPerMillion);
        faults.CutFromPeers(former);
        try
        {
            bool isSucceeded = await HappensAsync(() => cluster.Commits.At(cluster.Commits.Newest).Term > term, static () => { }, cancellationToken);
            await harness.Clock.DelayAsync(duration, cancellationToken);
            return isSucceeded;
        }
        finally
        {
            former.Machine.Clock.SetDrift(former.Machine, partsPerMillion: 0);
            former.ClockCrawls = false;
            faults.RejoinPeers(former);
        }
    }

    private async Task<bool> FollowerStopsWhileItWritesAsync(ClusterNode leader, TimeSpan duration, CancellationToken cancellationToken)
    {
        ClusterNode[] followers = [.. cluster.Voters.Where(node => node != leader && node.Machine.IsOn)];
        int needed = Quorum.Size(cluster.Voters.Count()) - 1;
        if (needed == 0 || followers.Length < needed)
        {
            return false;
        }

        ClusterNode decisive = followers[0];
        ClusterNode[] rest = followers[needed..];
        Array.ForEach(rest, faults.CutFromPeers);

        // Shorter than the leader waits for its quorum.
        TimeSpan stall = plan.ElectionTimeout / 2;
        decisive.Machine.Disk.StallFor(stall);
        bool waits = await cluster.Triggers.ActAsync(
            () => Logs.LastOf(leader.Id).Index > Logs.LastOf(decisive.Id).Index + 1, static () => { }, stall, cancellationToken);
        if (waits)
        {
            await harness.Clock.DelayAsync(plan.Network.LatencyBase * 2, cancellationToken);
            await faults.StopAsync(decisive, plan.StopLimit);
        }

        Array.ForEach(rest, faults.RejoinPeers);
        await faults.UpAsync(waits ? [decisive] : [], duration, cancellationToken);
        return waits;
    }

    private Task<bool> HappensAsync(Func<bool> condition, Action action, CancellationToken cancellationToken) =>
        cluster.Triggers.ActAsync(condition, action, Patience, cancellationToken);

    /// <summary>Whether a node's last entry is on no other disk.</summary>
    private bool HoldsAlone(ClusterNode node)
    {
        LogPosition last = Logs.LastOf(node.Id);
        return cluster.Nodes.All(other => other == node || !Logs.Holds(other.Id, last));
    }

    private ClusterNode? LeaderByLog(ulong above) => cluster.Nodes.FirstOrDefault(node => Logs.LastOf(node.Id).Term > above);

    /// <summary>Cuts one node off and lets another, which was cut off, join the rest.</summary>
    private void Replace(ClusterNode gone, ClusterNode by)
    {
        faults.RejoinPeers(by);
        faults.CutFromPeers(gone);
    }

    private void Rejoin(ClusterNode first, ClusterNode? second)
    {
        faults.RejoinPeers(first);
        if (second is not null)
        {
            faults.RejoinPeers(second);
        }
    }
}
