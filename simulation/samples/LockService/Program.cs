// Explores until the planted bug shows, then replays that run. With --fixed the bug is repaired: the same seeds are clean.
using LockService;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

var scenario = new LockScenario(fencing: args is ["--fixed"]);
CampaignReport report = new Explorer(scenario, new ExplorerOptions { Seeds = 2000 }).Run(CancellationToken.None);
Console.WriteLine($"{report.Runs} runs, {report.Steps} steps, {report.VirtualTime} of virtual time, {report.Violations.Count} violations");
foreach (ViolationGroup found in report.Violations)
{
    Console.WriteLine($"seed {found.FirstSeed}: {found.First.Name}: {found.First.Message}; what led to it:");
    var events = new List<TraceRecord>();
    RunResult replay = scenario.Run(new ScenarioRequest { Seed = found.FirstSeed, TraceListener = events.Add }).Result;
    foreach (TraceRecord record in CausalSlice.Of(events, TraceKind.Violation).TakeLast(20))
    {
        Console.WriteLine($"{record.At.TotalSeconds,10:0.000000} {record.Machine,-6} {record.Kind,-9} #{record.Number} <-{record.Cause} {record.Text}");
    }

    Console.WriteLine($"replayed: {(replay.Hash == found.Hash ? "the same run" : "another run")}");
}

return report.ExitCode;
