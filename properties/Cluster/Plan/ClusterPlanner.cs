// Draws a plan from the run's choices: first the shape of the cluster, then which kinds of faults this run has at all (swarm testing: Groce and others,
// ISSTA 2012), then how bad they are, then the script. Every draw is keyed by its own name, so a new option shifts no other.

using SimGraph.Replication;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Network;

namespace SimGraph.Properties.Cluster.Plan;

/// <summary>Draws cluster plans for a profile.</summary>
public sealed class ClusterPlanner
{
    private static readonly int[] NodesByChance = [1, 2, 3, 3, 3, 3, 3, 3, 3, 4, 5, 5, 5, 5, 6, 7];
    private static readonly int[] HeartbeatMilliseconds = [20, 50, 100, 100, 250, 1000];
    private static readonly int[] RequestLimitPercents = [400, 400, 100, 50];
    private static readonly int[] FlushEntries = [8, 20, 50, 200, 1000];
    private static readonly WriteAcknowledgement[] DefaultsByChance = [WriteAcknowledgement.Quorum, WriteAcknowledgement.Asynchronous, WriteAcknowledgement.All];
    private static readonly ChangeKind[] ChangesByChance =
    [
        ChangeKind.Grow, ChangeKind.Grow, ChangeKind.Remove, ChangeKind.RemoveLeader, ChangeKind.Replace, ChangeKind.Transfer, ChangeKind.Transfer,
    ];

    private readonly PlanChoices _choices;
    private readonly string _profile;
    private readonly FaultDraws _faults;

    /// <param name="choices">Answers the draws.</param>
    /// <param name="profile">One of <see cref="Profiles"/>.</param>
    public ClusterPlanner(PlanChoices choices, string profile)
    {
        Profiles.Check(profile);
        _choices = choices;
        _profile = profile;
        _faults = new FaultDraws(profile, Draw);
    }

    /// <summary>Draws a plan.</summary>
    public ClusterPlan Draw() => AddFinding(Draw(static shape => shape));

    /// <summary>Draws a plan whose shape is changed before the faults for it are drawn. Its nodes stay where they are.</summary>
    public ClusterPlan Draw(Func<ClusterPlan, ClusterPlan> reshape)
    {
        ArgumentNullException.ThrowIfNull(reshape);
        ClusterPlan shape = reshape(DrawShape());
        return _profile == Profiles.Performance ? shape with { LateJoinAt = TimeSpan.Zero } : AddFaults(AddRenewal(AddOperator(shape)));
    }

    private ClusterPlan DrawShape()
    {
        int nodes = NodesByChance[Draw("nodes", NodesByChance.Length)];
        TimeSpan heartbeat = TimeSpan.FromMilliseconds(HeartbeatMilliseconds[Draw("heartbeat", HeartbeatMilliseconds.Length)]);
        int clients = 1 + Draw("clients", 5);
        TimeSpan safety = TimeSpan.FromMilliseconds(3_000 + Draw("safety-time", _profile == Profiles.Brutal ? 57_000 : 27_000));
        return new ClusterPlan
        {
            Nodes = nodes,
            Clients = clients,
            SafetyTime = safety,
            HeartbeatInterval = heartbeat,
            ElectionTimeout = heartbeat * (3 + Draw("election-timeout", 8)),
            FlushEntries = FlushEntries[Draw("snapshot-entries", FlushEntries.Length)],
            ThinkTimeMax = TimeSpan.FromMilliseconds(Draw("think-time", 4) == 0 ? 0 : 20 + Draw("think-time-length", 480)),
            OperationLimit = TimeSpan.FromSeconds(2 + Draw("operation-limit", 20)),
            RequestLimitPercent = RequestLimitPercents[Draw("request-limit", RequestLimitPercents.Length)],
            ReadPercent = Draw("reads", 70),
            Readers = clients > 1 && Draw("readers", 2) == 0 ? 1 + Draw("readers.count", clients - 1) : 0,
            Counters = 1 + Draw("counters", 3),
            LateJoinAt = nodes > 2 && Draw("late-join", 4) == 0 ? safety * 0.6 : TimeSpan.Zero,
            Network = new NetworkOptions { LatencyBase = TimeSpan.FromMicroseconds(50 + Draw("latency", 5_000)) },
        };
    }

    /// <summary>In half of the runs somebody changes the cluster; in others there are priorities, leases or small chunks.</summary>
    private ClusterPlan AddOperator(ClusterPlan plan)
    {
        var changes = new List<PlannedChange>();
        if (Draw("operator", 2) == 0)
        {
            int pauseMax = 500 + Draw("operator.pause-max", 8_000);
            for (double at = Draw("operator.first", 3_000); at < plan.SafetyTime.TotalMilliseconds; at += 1 + Draw("operator.pause", pauseMax))
            {
                ChangeKind kind = ChangesByChance[Draw("operator.kind", ChangesByChance.Length)];
                changes.Add(new PlannedChange(TimeSpan.FromMilliseconds(at), kind, Draw("operator.ordinal", 840)));
            }
        }

        bool leases = Draw("leases", 2) == 0;
        return plan with
        {
            Changes = changes,
            Spares = changes.Count == 0 ? 0 : 2 + Draw("operator.spares", 2),
            Priorities = Draw("priorities", 3) == 0 ? Draw("priorities.of-nodes", 1 << 20) : 0,

            // Machines drift by 100,000 parts per million at most, in either direction: the fastest clock runs 1.1 / 0.9 times as fast as the slowest.
            LeaseDriftBoundPartsPerMillion = leases ? 250_000 : -1,
            LeaseReadPercent = leases ? 50 : 0,
            Acknowledgements = DrawAcknowledgements(),
            SnapshotChunkBytes = Draw("small-chunks", 2) == 0 ? 200 + Draw("small-chunks.bytes", 2_000) : plan.SnapshotChunkBytes,
        };
    }

    /// <summary>In half of the runs clients want more or less than a quorum. Never all of them at all times: a member that is gone for good would leave nothing to be acknowledged.</summary>
    private AcknowledgementPlan? DrawAcknowledgements() => Draw("acknowledgements", 2) == 0
        ? new AcknowledgementPlan(
            DefaultsByChance[Draw("acknowledgements.default", DefaultsByChance.Length)],
            TimeSpan.FromMilliseconds(50 + Draw("acknowledgements.all-limit", 4_000)),
            Draw("acknowledgements.by-default", 30),
            Draw("acknowledgements.asynchronous", 40),
            Draw("acknowledgements.all", 20))
        : null;

    /// <summary>In half of the runs connections end because of their age; in half of those the clients wait for the nodes to do it.</summary>
    private ClusterPlan AddRenewal(ClusterPlan plan)
    {
        if (Draw("connection-age", 2) != 0)
        {
            return plan;
        }

        TimeSpan age = plan.HeartbeatInterval + TimeSpan.FromMilliseconds(200 + Draw("connection-age.milliseconds", 10_000));
        return plan with
        {
            ConnectionAgeLimit = age,
            ConnectionRenewalLimit = TimeSpan.FromMilliseconds(100 + Draw("connection-age.renewal", 5_000)),
            ClientConnectionAgeLimit = Draw("connection-age.clients", 2) == 0 ? age / 2 : plan.ClientConnectionAgeLimit,
        };
    }

    /// <summary>In a quarter of the runs nodes find each other by discovery, and come back at other addresses. Not where it would spoil the moment that a maneuver waits for.</summary>
    private ClusterPlan AddFinding(ClusterPlan plan) => _profile != Profiles.Performance && plan.Maneuvers.Count == 0 && Draw("finding", 4) == 0
        ? plan with { Finding = new FindingPlan(Draw("finding.by-number", 2) == 0, Draw("finding.move", 3) * 50) }
        : plan;

    private ClusterPlan AddFaults(ClusterPlan plan)
    {
        List<PlannedManeuver> maneuvers = DrawManeuvers(plan);
        if (maneuvers.Count == 0 && _faults.Enabled("stops-while-writing"))
        {
            return AddFaults(plan, DrawManeuvers(plan, [ManeuverKind.FollowerStopsWhileItWrites]), Draw("stops-while-writing.calm", 2) == 0 ? [] : DrawScript(plan));
        }

        // A random fault in the middle of a maneuver mostly ends it: half of the runs with maneuvers have no others in their script.
        bool isCalm = maneuvers.Count > 0 && Draw("maneuvers.calm", 2) == 0;
        return AddFaults(plan, maneuvers, isCalm ? [] : DrawScript(plan));
    }

    private ClusterPlan AddFaults(ClusterPlan plan, List<PlannedManeuver> maneuvers, List<PlannedFault> script) => plan with
    {
        ChancePoints = _faults.Enabled("chance-points"),
        ClockOffsetMax = TimeSpan.FromSeconds(_faults.Enabled("clock-offset") ? Draw("clock-offset-length", 100_000) : 0),
        ClockDriftPartsPerMillionMax = _faults.Enabled("clock-drift") ? 1 + Draw("clock-drift-rate", 100_000) : 0,
        Network = plan.Network with { Faults = _faults.OfNetwork() },
        Disk = _faults.OfClusterDisk(),
        Faults = script,
        Maneuvers = maneuvers,
        AppendBytesMax = Draw("small-appends", 3) == 0 ? 1 + Draw("small-appends.bytes", 500) : plan.AppendBytesMax,
    };

    private List<PlannedFault> DrawScript(ClusterPlan plan)
    {
        var kinds = Enum.GetValues<FaultKind>().Where(kind => _faults.Enabled($"script.{kind}")).ToList();
        var script = new List<PlannedFault>();
        if (kinds.Count == 0)
        {
            return script;
        }

        int pauseMax = _profile switch { Profiles.Lite => 8_000, Profiles.Brutal => 1_500, _ => 1_000 + Draw("script.pause-max", 6_000) };
        int durationMax = 200 + Draw("script.duration-max", 10_000);
        double at = 200 + Draw("script.first", 2_000);
        while (at < plan.SafetyTime.TotalMilliseconds)
        {
            FaultKind kind = kinds[Draw("script.kind", kinds.Count)];
            int half = Draw("script.target", 4);
            FaultTarget target = half == 0 ? FaultTarget.Numbered : half == 1 ? FaultTarget.Follower : FaultTarget.Leader;
            script.Add(new PlannedFault(
                TimeSpan.FromMilliseconds(at),
                kind,
                target,
                Draw("script.ordinal", 7),
                TimeSpan.FromMilliseconds(Draw("script.duration", durationMax)),
                Draw("script.amount", 200_000) - 100_000));
            at += Draw("script.pause", pauseMax);
        }

        return script;
    }

    private List<PlannedManeuver> DrawManeuvers(ClusterPlan plan)
    {
        ManeuverKind[] kinds = plan.LeaseReadPercent == 0
            ? [ManeuverKind.FormerLeaderReturns, ManeuverKind.LeadersAlternate, ManeuverKind.SlowLeaderStays]
            : [ManeuverKind.FormerLeaderReturns, ManeuverKind.LeadersAlternate];
        return _faults.Enabled("maneuvers") ? DrawManeuvers(plan, kinds) : [];
    }

    private List<PlannedManeuver> DrawManeuvers(ClusterPlan plan, ManeuverKind[] kinds)
    {
        var maneuvers = new List<PlannedManeuver>();
        for (double at = 1_000 + Draw("maneuver.first", 4_000); at < plan.SafetyTime.TotalMilliseconds; at += 500 + Draw("maneuver.pause", 4_000))
        {
            maneuvers.Add(new PlannedManeuver(
                TimeSpan.FromMilliseconds(at),
                kinds[Draw("maneuver.kind", kinds.Length)],
                plan.ElectionTimeout * (2 + Draw("maneuver.duration", 5))));
        }

        return maneuvers;
    }

    private int Draw(string option, int bound) => _choices.Draw(option, bound);
}
