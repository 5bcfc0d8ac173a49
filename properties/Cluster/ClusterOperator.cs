// The operator of the cluster under test: a program on a machine of its own that plays the operator's script with the administrator's client. It is sane: it takes one
// machine's disk away only while the others can go on without it, and removes the dead before anything else. What it is told nothing about, it asks again.

using SimGraph.Cluster.Consensus;
using SimGraph.Properties.Cluster.Plan;
using SimGraph.Replication.Client;
using SimGraph.Runtime;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Properties.Cluster;

internal sealed class ClusterOperator(World world, Machine machine, ClusterPlan plan, ClusterUnderTest cluster)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);
    private readonly TimeSpan _start = world.Now;
    private int _sparesUsed;

    public Machine Machine => machine;

    /// <summary>Why its last attempt to promote somebody failed.</summary>
    public string LastRefusal { get; private set; } = "nothing";

    /// <summary>Plays the script until it is asked to stop.</summary>
    public async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        var administrator = new ClusterAdministrator(platform, cluster.Client);
        try
        {
            foreach (PlannedChange change in plan.Changes)
            {
                TimeSpan wait = _start + change.At - world.Now;
                if (wait > TimeSpan.Zero)
                {
                    await platform.Clock.DelayAsync(wait, stop);
                }

                await PlayAsync(administrator, change, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end of the safety phase.
        }

        await administrator.StopAsync();
    }

    /// <summary>Gives every learner that lives its vote, for as long as that takes.</summary>
    public async Task PromoteAllAsync(IPlatform platform, CancellationToken stop)
    {
        var administrator = new ClusterAdministrator(platform, cluster.Client);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Membership members = (await AskAsync(administrator.DescribeAsync(stop))).Membership;
                Member? learner = members.Voters.Length < Membership.VotersMax ? members.Learners.FirstOrDefault(member => !NodeOf(member).IsGone) : null;
                if (learner is null)
                {
                    break;
                }

                await AskAsync(administrator.PromoteAsync(learner.Id, stop));
                Done("promoted at last", learner);
            }
            catch (Exception exception) when (exception is TimeoutException or RequestRefusedException)
            {
                LastRefusal = exception.Message;
                await platform.Clock.DelayAsync(RetryPause, CancellationToken.None);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
        }

        await administrator.StopAsync();
    }

    private async Task PlayAsync(ClusterAdministrator administrator, PlannedChange change, CancellationToken stop)
    {
        try
        {
            Membership members = (await AskAsync(administrator.DescribeAsync(stop))).Membership;
            if (members.Voters.FirstOrDefault(voter => NodeOf(voter).IsGone) is { } dead)
            {
                await AskAsync(administrator.RemoveAsync(dead.Id, stop));
                Done("removed the dead", dead);
                return;
            }

            await ChangeAsync(administrator, members, change, stop);
        }
        catch (Exception exception) when (exception is TimeoutException or RequestRefusedException)
        {
            // The next line begins with what the cluster says by then.
            world.Count("operator.failures");
        }
    }

    private async Task ChangeAsync(ClusterAdministrator administrator, Membership members, PlannedChange change, CancellationToken stop)
    {
        Member chosen = members.Voters[change.Ordinal % members.Voters.Length];
        switch (change.Kind)
        {
            case ChangeKind.Grow:
                await GrowAsync(administrator, members, stop);
                break;
            case ChangeKind.Replace when members.Voters.Length >= 3:
                NodeOf(chosen).Lose();
                await AskAsync(administrator.RemoveAsync(chosen.Id, stop));
                Done("removed the dead", chosen);
                await GrowAsync(administrator, members, stop);
                break;
            case ChangeKind.Remove when members.Voters.Length >= 2:
                await AskAsync(administrator.RemoveAsync(chosen.Id, stop));
                Done("removed", chosen);
                break;
            case ChangeKind.RemoveLeader when members.Voters.Length >= 2 && cluster.Leader is { } leader && members.IsVoter(leader.Id):
                await AskAsync(administrator.RemoveAsync(leader.Id, stop));
                Done("removed the leader", members.Find(leader.Id)!);
                break;
            case ChangeKind.Transfer:
                await administrator.TransferLeadershipAsync(chosen.Id, stop);
                Done("made leader", chosen);
                break;
            default:
                break;
        }
    }

    /// <summary>A learner that waits for its vote comes first, then the next spare.</summary>
    private async Task GrowAsync(ClusterAdministrator administrator, Membership members, CancellationToken stop)
    {
        Member? learner = members.Learners.FirstOrDefault();
        if (learner is null && _sparesUsed < cluster.Spares.Count)
        {
            ClusterNode spare = cluster.Spares[_sparesUsed++];
            spare.IsHeldDown = false;
            if (!spare.Machine.IsOn)
            {
                spare.Boot();
            }

            byte priority = ClusterUnderTest.PriorityOf(plan, spare.Id);
            learner = (await AskAsync(administrator.AddLearnerAsync(spare.Id, ClusterUnderTest.AddressOf(spare.Id.Value), priority, stop))).Membership.Find(spare.Id);
        }

        if (learner is not null)
        {
            await AskAsync(administrator.PromoteAsync(learner.Id, stop));
            Done("promoted", learner);
        }
    }

    /// <summary>What the cluster says about itself is committed, and not older than what was committed when it was asked.</summary>
    private async Task<ClusterDescription> AskAsync(Task<ClusterDescription> asked)
    {
        ulong committed = cluster.Commits.MembershipIndex;
        ClusterDescription described = await asked;
        if (described.Index < committed || described.Index > cluster.Commits.Newest)
        {
            world.Fail(
                ViolationClass.Safety,
                "membership.wrong-answer",
                $"the operator asked after the membership of entry {committed} was committed, and was told that of entry {described.Index}: '{described.Membership}'; entry {cluster.Commits.Newest} is the newest committed one");
        }

        return described;
    }

    private ClusterNode NodeOf(Member member) => cluster.Nodes[member.Id.Value - 1];

    private void Done(string what, Member member)
    {
        world.Count($"operator.{what.Replace(' ', '-')}");
        world.Trace.Emit(TraceKind.Client, machine, member.Id.Value, 0, world.Trace.IsRecording ? $"{what}: node {member.Id}" : null);
    }
}
