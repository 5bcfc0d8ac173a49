using SimGraph.Properties.Interleavings;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Strategies;
using SimGraph.Soak.Bench;

namespace SimGraph.Soak.Rendering;

/// <summary>The table of strategies and bugs, as Markdown, to be copied.</summary>
internal static class StrategyBenchView
{
    public static void Write(StrategyBench bench, Terminal terminal)
    {
        BenchView.Head(
            terminal,
            $"Schedules to the first failure: median of {bench.Trials} campaigns of at most {Quantity.Count(bench.SchedulesMax)} (dfs: one)");
        terminal.Out.WriteLine($"| bug | depth | {string.Join(" | ", StrategyCatalog.Names)} |");
        terminal.Out.WriteLine($"|---|---|{string.Concat(StrategyCatalog.Names.Select(_ => "---|"))}");
        foreach (IScenario bug in StrategyBench.Bugs)
        {
            IEnumerable<string> needs = StrategyCatalog.Names.Select(strategy => Text(bench.Measure(strategy, bug)));
            terminal.Out.WriteLine($"| {bug.Name} | {InterleavingScenarios.DepthOf(bug)} | {string.Join(" | ", needs)} |");
            terminal.Out.Flush();
        }

        terminal.Out.WriteLine();
        terminal.Out.WriteLine("A dash: not found in the median campaign. In brackets: in how many campaigns it was found, where not in all.");
    }

    private static string Text(StrategyNeed need)
    {
        string median = need.Median is { } schedules ? Quantity.Count(schedules) : "-";
        return need.Found == need.Trials || need.Trials == 1 ? median : $"{median} ({need.Found}/{need.Trials})";
    }
}
