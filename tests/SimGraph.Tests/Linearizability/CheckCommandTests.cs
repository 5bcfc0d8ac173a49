using SimGraph.Properties;
using SimGraph.Tests.Simulation;
using SimGraph.Tests.Soak;
using Xunit;

namespace SimGraph.Tests.Linearizability;

/// <summary><c>simgraph check</c>, and <c>repro --history</c> that feeds it.</summary>
public sealed class CheckCommandTests
{
    private static readonly string Good = Path.Combine(HistoryFiles.Folder, "kv/c01-ok.txt");
    private static readonly string Bad = Path.Combine(HistoryFiles.Folder, "kv/c01-bad.txt");

    [Fact]
    public void All_good_is_exit_code_0_with_a_line_for_each_file_and_the_total()
    {
        CommandRun run = CommandRun.Of([], "check", "--model", "kv", Good, Good);

        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.Equal(2, run.Out.Split('\n').Count(static line => line.Contains("c01-ok.txt  linearizable", StringComparison.Ordinal)));
        Assert.Contains("58 operations    10 partitions", run.Out, StringComparison.Ordinal);
        Assert.Contains("2 histories in ", run.Out, StringComparison.Ordinal);
        Assert.Contains(": 2 linearizable, 0 not, 0 unknown", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_one_is_exit_code_2_with_an_explanation_and_a_picture()
    {
        using var folder = new TemporaryFolder();
        string picture = Path.Combine(folder.Path, "bad.html");
        CommandRun run = CommandRun.Of([], "check", "--model", "kv", Good, Bad, "--picture", picture);

        Assert.Equal((2, string.Empty), (run.ExitCode, run.Error));
        Assert.Contains("it breaks at line 60: client 0, get: \"x 0 0 y\"", run.Out, StringComparison.Ordinal);
        Assert.Contains("c01-bad.txt", File.ReadAllText(picture), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unclear_one_is_exit_code_3()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "hard.log");
        File.WriteAllLines(
            file,
            [
                .. Enumerable.Range(0, 40).SelectMany(client => (string[])[$"INFO jepsen.util - {client} :invoke :cas [{client % 7} {client % 5}]", $"INFO jepsen.util - {client} :info :cas :timed-out"]),
                .. Enumerable.Range(50, 40).SelectMany(client => (string[])[$"INFO jepsen.util - {client} :invoke :write {client}", $"INFO jepsen.util - {client} :info :write :timed-out"]),
                "INFO jepsen.util - 100 :invoke :read nil",
                "INFO jepsen.util - 100 :ok :read 777",
            ]);
        CommandRun run = CommandRun.Of([], "check", "--model", "register", file, "--memory", "1");

        Assert.Equal((3, string.Empty), (run.ExitCode, run.Error));
        Assert.Contains("hard.log  unknown", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check", "kv.txt")]
    [InlineData("check", "--model", "kv")]
    [InlineData("check", "--model", "list", "kv.txt")]
    [InlineData("check", "--model", "kv", "/no/such/file")]
    [InlineData("check", "--model", "kv", "/")]
    [InlineData("check", "--model", "kv", "--time-limit", "soon", "kv.txt")]
    [InlineData("check", "--model", "kv", "--memory", "0", "kv.txt")]
    [InlineData("repro", "1", "--scenario", "mailbox", "--no-events", "--history", "/tmp/none")]
    public void A_mistake_is_exit_code_1(params string[] line)
    {
        CommandRun run = CommandRun.Of(ScenarioCatalog.All, line);

        run.AssertIsMistake();
    }

    [Fact]
    public void A_file_of_another_kind_is_refused_with_file_and_line()
    {
        CommandRun run = CommandRun.Of([], "check", "--model", "register", Good);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("c01-ok.txt:1: expected 'INFO'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_check_ends_with_130() =>
        Assert.Equal(130, CommandRun.Of([], new CancellationToken(canceled: true), "check", "--model", "kv", Good).ExitCode);

    [Fact]
    public void What_clients_of_a_simulated_run_saw_is_written_and_linearizable_without_the_witness()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "history.txt");
        CommandRun repro = CommandRun.Of(ScenarioCatalog.All, "repro", "3", "--no-events", "--history", file);
        CommandRun check = CommandRun.Of([], "check", "--model", "graph", file);

        Assert.Equal((0, string.Empty), (repro.ExitCode, repro.Error));
        Assert.Equal((0, string.Empty), (check.ExitCode, check.Error));
        Assert.True(File.ReadAllLines(file).Length > 50, "the history is short");
    }
}
