// Counts schedules, not time, so the result is a function of the code and not of the machine. The run from which a strategy learns how long runs are counts.

using SimGraph.Properties.Interleavings;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Strategies;

namespace SimGraph.Soak.Bench;

/// <summary>Schedules to the first failure.</summary>
internal sealed class StrategyBench(int trials, long schedulesMax, CancellationToken abort)
{
    /// <summary>Campaigns have seeds of their own: none has more schedules.</summary>
    private const ulong SeedsOfTrial = 1UL << 32;

    public int Trials => trials;

    public long SchedulesMax => schedulesMax;

    public static IReadOnlyList<IScenario> Bugs => InterleavingScenarios.Broken;

    /// <summary>The trials of a strategy with a bug. A search does the same in every trial, so it has one.</summary>
    public StrategyNeed Measure(string strategy, IScenario bug)
    {
        int count = strategy == StrategyCatalog.DepthFirst ? 1 : trials;
        long?[] needed = new long?[count];
        for (int trial = 0; trial < count; trial++)
        {
            abort.ThrowIfCancellationRequested();
            var options = new StrategyCampaignOptions { Strategy = strategy, FromSeed = 1 + ((ulong)trial * SeedsOfTrial), Seeds = schedulesMax };
            StrategyReport report = new StrategyCampaign(bug, options).Run(abort).Strategies[0];
            needed[trial] = report.Findings.Count > 0 ? report.Findings[0].FirstRun : null;
        }

        abort.ThrowIfCancellationRequested();
        long?[] sorted = [.. needed.OrderBy(need => need ?? long.MaxValue)];
        return new StrategyNeed(sorted[(count - 1) / 2], needed.Count(need => need is not null), count);
    }
}
