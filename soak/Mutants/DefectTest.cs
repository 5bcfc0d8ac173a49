// For a defect that no run shows: builds the project of the test that does, and runs that one test, on the unchanged system and with the defect. It is found only if the test passes the first and
// fails the second; a test that is not there, or that both fail, proves nothing.

using System.Globalization;
using System.Text.RegularExpressions;

namespace SimGraph.Soak.Mutants;

/// <summary>Runs the tests of defects in a copy of the checkout.</summary>
internal sealed partial class DefectTest(Workspace workspace, MutantsOptions options)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private enum Ending
    {
        Passed,
        Failed,
        TookTooLong,
        NotRun,
    }

    /// <summary>Tries the test on the system as it is, plants the defect, and tries it again.</summary>
    /// <param name="defect">A defect with a test.</param>
    /// <param name="plant">Plants it; the copy is unchanged until then.</param>
    /// <param name="onStage">Is told what goes on.</param>
    /// <param name="cancellation">Interrupts it.</param>
    public async Task<DefectOutcome> TryAsync(PlantedDefect defect, Func<Task<string?>> plant, Action<string> onStage, CancellationToken cancellation)
    {
        string test = defect.Test!;
        if (workspace.FindTestProject(test.Split('.')[0]) is not { } project)
        {
            return DefectOutcome.NotTried(defect, $"there is no file of the test {test}");
        }

        onStage($"builds and runs {test} on the unchanged system");
        (Ending before, string said, _) = await RunAsync(project, test, cancellation);
        if (before != Ending.Passed)
        {
            return DefectOutcome.NotTried(defect, $"the unchanged system does not pass {test}: {said}");
        }

        if (await plant() is { } problem)
        {
            return DefectOutcome.NotTried(defect, problem);
        }

        onStage($"builds and runs {test} with the defect");
        (Ending after, said, TimeSpan time) = await RunAsync(project, test, cancellation);

        // Also a test without end hides the defect: nobody learns of it.
        return after == Ending.NotRun ? DefectOutcome.NotTried(defect, said) : new DefectOutcome
        {
            Defect = defect,
            Verdict = after == Ending.Failed ? DefectVerdict.FoundByTest : DefectVerdict.Survived,
            WallTime = time,
        };
    }

    private async Task<(Ending Ending, string Said, TimeSpan Time)> RunAsync(string project, string test, CancellationToken cancellation)
    {
        ChildResult build = await workspace.BuildAsync(project, options.Jobs, cancellation);
        if (!build.Succeeded)
        {
            return (Ending.NotRun, $"{Path.GetFileName(project)} does not build: {build.Explanation}", TimeSpan.Zero);
        }

        ChildResult run = await workspace.RunTestAsync(project, test, Limit, cancellation);
        if (run.TookTooLong)
        {
            return (Ending.TookTooLong, $"it has not ended within {Limit.TotalMinutes:0} minutes", Limit);
        }

        Match summary = run.Out.Select(static line => Summary().Match(line)).LastOrDefault(static match => match.Success) ?? Match.Empty;
        if (!summary.Success || Number(summary, "total") != 1)
        {
            return (Ending.NotRun, summary.Success ? $"{Number(summary, "total")} tests are called {test}" : $"the test gave no result: {run.Explanation}", TimeSpan.Zero);
        }

        bool failed = Number(summary, "errors") + Number(summary, "failed") > 0;
        return Number(summary, "skipped") + Number(summary, "notRun") > 0 ? (Ending.NotRun, $"{test} was left out", TimeSpan.Zero)
            : (failed ? Ending.Failed : Ending.Passed,
                failed ? "it fails" : "it passes",
                TimeSpan.FromSeconds(double.Parse(summary.Groups["time"].ValueSpan, CultureInfo.InvariantCulture)));
    }

    private static int Number(Match summary, string group) => int.Parse(summary.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Total: (?<total>\d+), Errors: (?<errors>\d+), Failed: (?<failed>\d+), Skipped: (?<skipped>\d+), Not Run: (?<notRun>\d+), Time: (?<time>[\d.]+)s")]
    private static partial Regex Summary();
}
