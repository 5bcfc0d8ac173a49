using SimGraph.Properties.Bench;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using SimGraph.Soak.Rendering;

namespace SimGraph.Soak.Bench;

/// <summary>Measures the simulation of a cluster of three machines.</summary>
internal sealed class ClusterBenchRunner(IClusterBench bench, CancellationToken abort)
{
    private const long RunsMax = 1000;
    private static readonly TimeSpan WarmUpCpuTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CpuTimeMin = TimeSpan.FromSeconds(15);

    /// <summary>Runs seeds until the compiler has done its work, then others until enough CPU time was used.</summary>
    public ClusterRate Measure(string profile, ClusterBenchLoad load)
    {
        TimeSpan cold = Environment.CpuUsage.TotalTime;
        for (ulong seed = RunsMax + 1; Environment.CpuUsage.TotalTime - cold < WarmUpCpuTime; seed++)
        {
            Run(profile, load, seed);
        }

        TimeSpan before = Environment.CpuUsage.TotalTime;
        TimeSpan virtualTime = TimeSpan.Zero;
        long commits = 0;
        long steps = 0;
        long runs = 0;
        TimeSpan used;
        do
        {
            RunResult result = Run(profile, load, seed: (ulong)++runs);
            virtualTime += result.VirtualTime;
            commits += result.Counters.GetValueOrDefault(Counters.Commits);
            steps += result.Steps;
            used = Environment.CpuUsage.TotalTime - before;
        }
        while (used < CpuTimeMin && runs < RunsMax);

        return new ClusterRate(profile, load, runs, virtualTime.TotalSeconds, used.TotalSeconds, commits, steps);
    }

    private RunResult Run(string profile, ClusterBenchLoad load, ulong seed)
    {
        RunResult result = bench.Run(new ScenarioRequest { Seed = seed, Profile = profile, Abort = abort }, load).Result;
        abort.ThrowIfCancellationRequested();
        return result.Violation is null
            ? result
            : throw new UsageException($"bench cluster: seed {seed} of profile {profile} failed, so nothing was measured: {result.Violation.Name}");
    }
}
