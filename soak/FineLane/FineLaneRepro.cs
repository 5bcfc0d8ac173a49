// Replays a schedule of the fine lane. Only code that Coyote has rewritten takes such a schedule, so the rewritten test program does it, as a child.

using SimGraph.Simulation.Kernel;
using SimGraph.Soak.Mutants;

namespace SimGraph.Soak.FineLane;

/// <summary>Runs the test of a trace on the schedule of the trace.</summary>
internal sealed class FineLaneRepro(Terminal terminal)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public async Task<int> RunAsync(string path, FineLaneTrace trace)
    {
        terminal.Out.WriteLine($"{trace.Name}, the fine lane, {trace.Test}, {trace.Configuration} build of {trace.Program}");
        string program = FineLaneProgram.Of(trace.Program, trace.Configuration).Find();
        string verdict = Path.GetTempFileName();
        try
        {
            ChildResult child = await ChildProcess.RunAsync(
                new ChildCommand("dotnet", [program, "-noColor", "-method", trace.Test], Path.GetDirectoryName(program)!, Limit)
                {
                    Environment = new Dictionary<string, string?>
                    {
                        [FineLaneTrace.ReplayVariable] = Path.GetFullPath(path),
                        [FineLaneTrace.VerdictVariable] = verdict,
                    },
                },
                terminal.Interrupted);
            return Report(await File.ReadAllLinesAsync(verdict, terminal.Interrupted), child, path, trace, program);
        }
        finally
        {
            File.Delete(verdict);
        }
    }

    private int Report(string[] verdict, ChildResult child, string path, FineLaneTrace trace, string program)
    {
        if (verdict.Length == 0 || verdict[0] != FineLaneTrace.VerdictHead)
        {
            throw new UsageException(
                $"{path}: {program} did not replay it: the test {trace.Test} or its scenario '{trace.Name}' is not in it, or it is not rewritten; build it as its project says ({child.Explanation})");
        }

        terminal.Out.WriteLine();
        string bug = string.Join('\n', verdict[1..]).Trim();
        if (bug.Length == 0)
        {
            terminal.Out.WriteLine($"Did not come back: this build holds on this schedule, or takes other steps. Run the test instead: dotnet {program} -method {trace.Test}");
            return ExitCodes.Held;
        }

        return WriteBug(terminal, trace.Name, bug);
    }

    /// <summary>Writes what failed in the fine lane; returns the exit code for it.</summary>
    public static int WriteBug(Terminal terminal, string name, string bug)
    {
        ViolationClass kind = bug.Contains("liveness", StringComparison.OrdinalIgnoreCase) || bug.StartsWith("Deadlock", StringComparison.Ordinal)
            ? ViolationClass.Liveness
            : ViolationClass.Safety;
        terminal.Out.WriteLine($"{kind.ToString().ToUpperInvariant()} {name}");
        foreach (string line in bug.Split('\n'))
        {
            terminal.Out.WriteLine($"  {line.TrimEnd()}");
        }

        return (int)kind;
    }
}
