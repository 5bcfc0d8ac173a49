// Makes the calls of a file again, in the rewritten test program, as a child.

using System.Globalization;
using SimGraph.Soak.FineLane.Zoom;
using SimGraph.Soak.Mutants;
using SimGraph.Soak.Rendering;

namespace SimGraph.Soak.FineLane;

/// <summary>Runs the schedules of a zoom and says what came of them.</summary>
internal sealed class ZoomReplay(FineLaneProgram program, Terminal terminal)
{
    /// <summary>The test program that knows how.</summary>
    public const string Program = "SimGraph.Coyote.Tests";

    private const string Test = "SimGraph.Coyote.Tests.Zoom.ZoomTests.The_calls_of_a_file_are_answered_as_promised";
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);
    private static readonly string[] KnownProblems = [nameof(FormatException), "did not end within the limit of steps"];

    public async Task<int> RunAsync(string path, ZoomFile file, int schedules)
    {
        string verdictFile = Path.GetTempFileName();
        try
        {
            string assembly = program.Find();
            terminal.Out.WriteLine($"Making them again in the fine lane, on {schedules} schedules ({program.Configuration} build of {program.Name}).");
            terminal.Out.Flush();
            ChildResult child = await ChildProcess.RunAsync(
                new ChildCommand("dotnet", [assembly, "-noColor", "-method", Test], Path.GetDirectoryName(assembly)!, Limit)
                {
                    Environment = new Dictionary<string, string?>
                    {
                        [ZoomFile.FileVariable] = Path.GetFullPath(path),
                        [ZoomFile.SchedulesVariable] = schedules.ToString(CultureInfo.InvariantCulture),
                        [ZoomFile.VerdictVariable] = verdictFile,
                        [FineLaneTrace.FolderVariable] = Path.GetDirectoryName(Path.GetFullPath(path)),
                        [FineLaneTrace.ReplayVariable] = null,
                    },
                },
                terminal.Interrupted);
            string text = await File.ReadAllTextAsync(verdictFile, terminal.Interrupted);

            // The verdict is that of the lives so far: one that holds counts only when the child came to its end.
            return ZoomVerdict.TryParse(text, out ZoomVerdict? verdict) && (verdict.Bug is not null || child.Succeeded)
                ? Report(verdict, file)
                : throw new UsageException($"{path}: {assembly} did not make its calls: {ProblemOf(child)}");
        }
        finally
        {
            File.Delete(verdictFile);
        }
    }

    // A call that nobody can make is refused by whoever knows the component; schedules may be longer than their limit.
    private static string ProblemOf(ChildResult child) =>
        child.Out.FirstOrDefault(static line => Array.Exists(KnownProblems, problem => line.Contains(problem, StringComparison.Ordinal)))?.Trim()
        ?? $"it took too long, is of another version, or is not rewritten ({child.Explanation})";

    private int Report(ZoomVerdict verdict, ZoomFile file)
    {
        terminal.Out.WriteLine();
        if (verdict.Bug is not { } bug)
        {
            terminal.Out.WriteLine($"All held: {file.Head.Component} of {file.Head.Machine} kept its promises on {Quantity.Count(verdict.Schedules)} schedules.");
            return ExitCodes.Held;
        }

        int code = FineLaneRepro.WriteBug(terminal, $"{file.Head.Component} of {file.Head.Machine}, in the fine lane, schedule {Quantity.Count(verdict.Schedules)}", bug.Trim());
        if (verdict.TraceFile is { } trace)
        {
            ViolationView.Line(terminal, "trace", trace);
            ViolationView.Line(terminal, "reproduce", ReproduceCommand.For(trace));
        }

        return code;
    }
}
