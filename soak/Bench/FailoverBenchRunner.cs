using SimGraph.Properties.Bench;
using SimGraph.Simulation.Exploration;
using SimGraph.Soak.Rendering;

namespace SimGraph.Soak.Bench;

/// <summary>Crashes leaders in simulated clusters until enough is known.</summary>
internal sealed class FailoverBenchRunner(CancellationToken abort)
{
    private const int Clients = 3;
    private const int CrashesPerRun = 50;
    private readonly FailoverBench _bench = new();

    /// <summary>Measures one kind of crash.</summary>
    public FailoverRate Measure(string profile, int nodes, LeaderEnd end, int crashes)
    {
        var waits = new List<TimeSpan>();
        var elections = new List<TimeSpan>();
        TimeSpan electionTimeout = TimeSpan.Zero;
        ulong seed = 0;
        for (int left = crashes; left > 0; left -= CrashesPerRun)
        {
            var load = new FailoverLoad(nodes, Clients, Math.Min(left, CrashesPerRun), end);
            FailoverOutcome outcome = _bench.Run(new ScenarioRequest { Seed = ++seed, Profile = profile, Abort = abort }, load);
            abort.ThrowIfCancellationRequested();
            if (outcome.Result.Violation is { } violation)
            {
                throw new UsageException($"bench failover: seed {seed} of profile {profile} failed, so nothing was measured: {violation.Name}: {violation.Message}");
            }

            elections.AddRange(outcome.Elections);
            waits.AddRange(outcome.Unavailability);
            electionTimeout = outcome.ElectionTimeout;
        }

        elections.Sort();
        waits.Sort();
        return new FailoverRate(profile, nodes, end, crashes, electionTimeout, elections, waits);
    }
}
