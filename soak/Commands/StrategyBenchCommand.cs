using System.CommandLine;
using SimGraph.Soak.Bench;
using SimGraph.Soak.Rendering;

namespace SimGraph.Soak.Commands;

/// <summary><c>simgraph bench strategies</c>: how many schedules each strategy needs for each known bug.</summary>
internal static class StrategyBenchCommand
{
    public static Command Create(Terminal terminal)
    {
        var trials = new Option<int>("--trials")
        {
            Description = "Campaigns for each strategy and bug, each with seeds of its own; the median is told.",
            HelpName = "N",
            DefaultValueFactory = static _ => 20,
            CustomParser = static result => Parsing.Number(result, "--trials", 1, 1_000),
        };
        var schedules = new Option<long>("--schedules")
        {
            Description = "Schedules of a campaign at most.",
            HelpName = "N",
            DefaultValueFactory = static _ => 10_000,
            CustomParser = static result => Parsing.Number<long>(result, "--schedules", 1, 10_000_000),
        };
        var command = new Command("strategies", "Schedules to the first failure, for each strategy and each known bug of order.") { trials, schedules };
        command.SetAction(parsed =>
        {
            BenchView.WriteMachine(terminal);
            var bench = new StrategyBench(parsed.GetValue(trials), parsed.GetValue(schedules), terminal.Interrupted);
            StrategyBenchView.Write(bench, terminal);
            BenchView.WriteLoad(terminal);
            return ExitCodes.Held;
        });
        return command;
    }
}
