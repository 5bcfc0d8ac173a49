using System.Reflection;
using SimGraph.Soak.FineLane;
using SimGraph.Soak.Mutants;
using SimGraph.Tests.Simulation;
using SimGraph.Tests.Soak;
using Xunit;

namespace SimGraph.Tests.Coyote;

/// <summary>A schedule that the rewritten tests found is replayed by the command that replays everything else.</summary>
public sealed class FineLaneReproTests
{
    private const string Tests = "SimGraph.Coyote.Tests.FineLaneTests.";
    private static readonly string Configuration = typeof(FineLaneReproTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("A_scope_that_loses_a_task_is_found", "planted-lost-task", 2, "a task outlived the stop")]
    [InlineData("A_lost_wakeup_is_found_as_a_deadlock", "planted-lost-wakeup", 3, "Deadlock")]
    public async Task A_schedule_of_the_fine_lane_comes_back(string test, string file, int exitCode, string failure)
    {
        using var folder = new TemporaryFolder();
        string trace = await FindAsync(test, file, folder.Path);
        CommandRun replayed = CommandRun.Of([], "repro", trace);
        Assert.Equal((exitCode, string.Empty), (replayed.ExitCode, replayed.Error));
        Assert.Contains(failure, replayed.Out, StringComparison.Ordinal);

        // The same test with the schedule of nobody: it runs none.
        string other = Path.Combine(folder.Path, "other.trace");
        await File.WriteAllTextAsync(other, (await File.ReadAllTextAsync(trace, Token)).Replace("\nname ", "\nname no ", StringComparison.Ordinal), Token);
        CommandRun.Of([], "repro", other).AssertIsMistake("did not replay it");
    }

    [Theory]
    [InlineData("program Nobody.Tests", "no test program Nobody.Tests")]
    [InlineData("configuration Elsewhere", "the rewritten tests are not built")]
    [InlineData("wrong", "a damaged trace")]
    public async Task What_cannot_be_replayed_is_refused_and_says_why(string line, string problem)
    {
        using var folder = new TemporaryFolder();
        string[] lines = new FineLaneTrace { Program = "SimGraph.Coyote.Tests", Configuration = Configuration, Test = "T.M", Name = "n", Trace = "{}" }.ToText().Split('\n');
        int place = Math.Max(1, Array.FindIndex(lines, one => one.Split(' ')[0] == line.Split(' ')[0]));
        lines[place] = line;
        string file = Path.Combine(folder.Path, "a.trace");
        await File.WriteAllLinesAsync(file, lines, Token);
        CommandRun.Of([], "repro", file).AssertIsMistake(problem);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<string> FindAsync(string test, string file, string folder)
    {
        string program = RepositoryFiles.Find("tests", "Coyote", "bin", Configuration, "net10.0", "SimGraph.Coyote.Tests.dll");
        ChildResult child = await ChildProcess.RunAsync(
            new ChildCommand("dotnet", [program, "-noColor", "-method", Tests + test], folder, Limit)
            {
                Environment = new Dictionary<string, string?> { [FineLaneTrace.FolderVariable] = folder },
            },
            Token);
        Assert.True(child.Succeeded, child.Explanation);
        return Path.Combine(folder, file + ".trace");
    }
}
