// Draws a plan from the run's choices: the shape, then which kinds of faults the run has at all (swarm testing: Groce and others, 2012), then the script.

using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Network;

namespace SimGraph.Properties.Discovery;

/// <summary>Draws discovery plans for a profile.</summary>
public sealed class DiscoveryPlanner
{
    private readonly PlanChoices _choices;
    private readonly string _profile;
    private readonly FaultDraws _faults;

    /// <param name="choices">Answers the draws.</param>
    /// <param name="profile">One of <see cref="Profiles"/>.</param>
    public DiscoveryPlanner(PlanChoices choices, string profile)
    {
        Profiles.Check(profile);
        _choices = choices;
        _profile = profile;
        _faults = new FaultDraws(profile, Draw);
    }

    /// <summary>Draws a plan.</summary>
    public DiscoveryPlan Draw()
    {
        int nodes = 3 + Draw("nodes", 5);
        var plan = new DiscoveryPlan
        {
            Nodes = nodes,
            Seeds = DrawSeeds(nodes),
            UsesNames = Draw("names", 2) == 1,
            SafetyTime = TimeSpan.FromSeconds(20 + Draw("safety-time", 100)),
            ExpireAfter = TimeSpan.FromSeconds(10 + Draw("expire-after", 50)),
            Network = new NetworkOptions { LatencyBase = TimeSpan.FromMicroseconds(50 + Draw("latency", 20_000)) },
        };
        return _profile == Profiles.Performance ? plan : AddFaults(plan);
    }

    /// <summary>Every node but the first is given some of those before it, so that the seeds connect all of them.</summary>
    private List<IReadOnlyList<int>> DrawSeeds(int nodes)
    {
        var seeds = new List<IReadOnlyList<int>> { Array.Empty<int>() };
        for (int node = 1; node < nodes; node++)
        {
            int first = Draw("seed.first", node);
            seeds.Add([.. Enumerable.Range(0, node).Where(other => other == first || Draw("seed.more", 4) == 0)]);
        }

        return seeds;
    }

    private DiscoveryPlan AddFaults(DiscoveryPlan plan) => plan with
    {
        ChancePoints = _faults.Enabled("chance-points"),
        ClockOffsetMax = TimeSpan.FromSeconds(_faults.Enabled("clock-offset") ? Draw("clock-offset-length", 100_000) : 0),
        Network = plan.Network with { Faults = _faults.OfNetwork() },
        Faults = DrawScript(plan),
    };

    private List<DiscoveryFault> DrawScript(DiscoveryPlan plan)
    {
        var kinds = Enum.GetValues<DiscoveryFaultKind>().Where(kind => _faults.Enabled($"script.{kind}")).ToList();
        var script = new List<DiscoveryFault>();
        int pauseMax = _profile switch { Profiles.Lite => 20_000, Profiles.Brutal => 3_000, _ => 2_000 + Draw("script.pause-max", 10_000) };
        int durationMax = 200 + Draw("script.duration-max", 30_000);
        double at = Draw("script.first", 5_000);
        while (kinds.Count > 0 && at < plan.SafetyTime.TotalMilliseconds)
        {
            script.Add(new DiscoveryFault(
                TimeSpan.FromMilliseconds(at),
                kinds[Draw("script.kind", kinds.Count)],
                Draw("script.node", plan.Nodes),
                TimeSpan.FromMilliseconds(Draw("script.duration", durationMax)),
                Draw("script.amount", 200_000) - 100_000));
            at += Draw("script.pause", pauseMax);
        }

        return script;
    }

    private int Draw(string option, int bound) => _choices.Draw(option, bound);
}
