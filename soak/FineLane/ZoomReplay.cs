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
            return ZoomVerdict.TryParse(await File.ReadAllTextAsync(verdictFile, terminal.Interrupted), out ZoomVerdict? verdict)
                ? Report(verdict, file)
                : throw new UsageException($"{path}: {assembly} did not make its calls: {ProblemOf(child)}");
        }
        finally
        {
            File.Delete(verdictFile);
        }
    }

    // A call that nobody can make is refused by whoever knows the component.
    private static string ProblemOf(ChildResult child) =>
        child.Out.FirstOrDefault(static line => line.Contains(nameof(FormatException), StringComparison.Ordinal))?.Trim()
        ?? $"it is of another version, or is not rewritten ({child.Explanation})";

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
