// Explores as a person would who knows nothing of a defect: the default profile, seeds from 1, until the time is over. What was found is read from the summary of the run. It counts only if the
// unchanged system passes the same seed: otherwise the run shows something else.

using System.Globalization;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using SimGraph.Soak.Commands;

namespace SimGraph.Soak.Mutants;

/// <summary>Explores a program with a defect in it.</summary>
internal sealed class DefectExploration(Workspace workspace, MutantsOptions options)
{
    /// <summary>A run that is under way when the time is over may end; this long.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    /// <summary>Explores the program as it is built now.</summary>
    public async Task<DefectOutcome> ExploreAsync(PlantedDefect defect, Action<string> onStage, CancellationToken cancellation)
    {
        var outcome = new DefectOutcome { Defect = defect, Verdict = DefectVerdict.Survived };
        TimeSpan time = options.Time / defect.Scenarios.Count;
        foreach (string scenario in defect.Scenarios)
        {
            onStage($"explores {scenario}");
            string[] limits = ["--from", "1", "--time", Text($"{time.TotalMilliseconds:0}ms"), "--jobs", Text($"{options.Jobs}")];
            (RunSummary? summary, ChildResult child) = await RunAsync(unchanged: false, defect, scenario, limits, time + Grace, cancellation);
            outcome = outcome with { Scenario = scenario };
            if (child.TookTooLong)
            {
                // Also a run without end hides the defect: nobody learns of it.
                return outcome with { WallTime = outcome.WallTime + time + Grace };
            }

            if (summary is null || summary.Interrupted)
            {
                return DefectOutcome.NotTried(defect, $"the exploration ended with exit code {child.ExitCode}: {child.Explanation}");
            }

            outcome = outcome with
            {
                Runs = outcome.Runs + summary.Runs,
                WallTime = outcome.WallTime + TimeSpan.FromSeconds(summary.WallSeconds),
                CpuTime = outcome.CpuTime + TimeSpan.FromSeconds(summary.CpuSeconds),
            };
            if (summary.Violations is [RunSummaryViolation first, ..])
            {
                return await JudgeAsync(outcome, first, onStage, cancellation);
            }
        }

        return outcome;
    }

    /// <summary>Whether the program as it is built now shows the same in the run of the same seed.</summary>
    public async Task<bool> ShowsAgainAsync(DefectOutcome found, CancellationToken cancellation)
    {
        RunSummaryViolation shown = found.Shown!;
        (RunSummary? summary, _) = await RunAsync(unchanged: false, found.Defect, found.Scenario!, OneSeed(shown.Seed), Grace, cancellation);
        return summary is { Violations: [var again, ..] } && again.Class == shown.Class && again.Name == shown.Name;
    }

    /// <summary>Shrinks the run that was found; null when it has no plan that could be smaller.</summary>
    public async Task<ShrinkSummary?> ShrinkAsync(DefectOutcome found, TimeSpan time, CancellationToken cancellation)
    {
        if (found.Shown?.Artifact is not { } artifact)
        {
            return null;
        }

        string path = Path.Combine(workspace.Folder, $"{found.Defect.Patch}-shrunk.json");
        string[] arguments =
        [
            "shrink", artifact, "--time", Text($"{time.TotalMilliseconds:0}ms"), "--jobs", Text($"{options.Jobs}"),
            "--artifacts", ArtifactsOf(found.Defect), "--summary", path,
        ];
        ChildResult child = await workspace.RunProgramAsync(unchanged: false, arguments, time + Grace, cancellation);
        return child.Succeeded ? ShrinkSummary.TryRead(path) : null;
    }

    private string ArtifactsOf(PlantedDefect defect) => Path.Combine(workspace.Folder, "artifacts", defect.Patch);

    private static string[] OneSeed(ulong seed) => ["--from", Text($"{seed}"), "--seeds", "1", "--jobs", "1"];

    private async Task<DefectOutcome> JudgeAsync(DefectOutcome outcome, RunSummaryViolation violation, Action<string> onStage, CancellationToken cancellation)
    {
        if (violation.Class == ViolationClass.Harness)
        {
            return outcome with { Verdict = DefectVerdict.NotTried, Problem = Text($"the harness itself failed at seed {violation.Seed}: {violation.Name}") };
        }

        onStage(Text($"compares seed {violation.Seed} with the unchanged system"));
        (RunSummary? summary, _) = await RunAsync(unchanged: true, outcome.Defect, outcome.Scenario!, OneSeed(violation.Seed), Grace, cancellation);
        return summary is { ExitCode: ExitCodes.Held, Runs: 1 }
            ? outcome with { Verdict = DefectVerdict.Found, Shown = violation }
            : outcome with { Verdict = DefectVerdict.NotTried, Problem = Text($"the unchanged system does not pass seed {violation.Seed} either: {violation.Name} proves nothing") };
    }

    private async Task<(RunSummary? Summary, ChildResult Child)> RunAsync(
        bool unchanged, PlantedDefect defect, string scenario, string[] limits, TimeSpan limit, CancellationToken cancellation)
    {
        string path = Path.Combine(workspace.Folder, $"{defect.Patch}-{scenario}{(unchanged ? "-unchanged" : string.Empty)}.json");
        string[] arguments = ["run", "--scenario", scenario, "--profile", Profiles.Swarm, .. limits, "--artifacts", ArtifactsOf(defect), "--summary", path];
        ChildResult child = await workspace.RunProgramAsync(unchanged, arguments, limit, cancellation);
        return (RunSummary.TryRead(path), child);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
