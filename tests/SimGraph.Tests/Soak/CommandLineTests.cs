using System.Globalization;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;
using SimGraph.Soak.Rendering;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Soak;

public sealed class CommandLineTests
{
    private static readonly IScenario[] Scenarios = [ExplorationScenario.Sound(), ExplorationScenario.LostUpdate()];

    [Theory]
    [InlineData("")]
    [InlineData("walk")]
    [InlineData("run --scenario nothing")]
    [InlineData("run --profile mild")]
    [InlineData("run --time soon")]
    [InlineData("run --time -1s")]
    [InlineData("run --seeds 0")]
    [InlineData("run --seeds many")]
    [InlineData("run --jobs 0")]
    [InlineData("run --from -1")]
    [InlineData("run --from 18446744073709551615 --seeds 2 --scenario sound")]
    [InlineData("run --fast")]
    [InlineData("run 42")]
    [InlineData("repro")]
    [InlineData("repro 1 --scenario nothing")]
    [InlineData("repro missing.simgraph")]
    [InlineData("repro 99999999999999999999")]
    [InlineData("repro 1 --until 0")]
    [InlineData("repro 1 --until")]
    [InlineData("repro 1 --break --scenario sound")]
    [InlineData("repro 1 --events --no-events --scenario sound")]
    [InlineData("repro 1 --scenario sound --output /no/such/folder/log")]
    [InlineData("bench")]
    [InlineData("bench cluster")]
    [InlineData("bench storage --rounds 0")]
    [InlineData("bench storage --part nothing")]
    [InlineData("bench storage --slice soon")]
    [InlineData("bench storage --keys 999")]
    [InlineData("bench failover --crashes 0")]
    [InlineData("bench replication --clients 0")]
    [InlineData("bench replication --entries 10")]
    [InlineData("bench storage --folder /proc/no-such-folder")]
    [InlineData("run --scenario sound --summary /no/such/folder/summary.json")]
    [InlineData("mutants --only X99")]
    [InlineData("mutants --time soon")]
    [InlineData("mutants --jobs 0")]
    [InlineData("mutants C01")]
    [InlineData("mutants --list --fast")]
    [InlineData("mutants --list --tests")]
    public void A_mistake_gives_one_line_and_exit_code_1(string line)
    {
        CommandRun run = CommandRun.Of(Scenarios, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("simgraph: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Error.Count(character => character == '\n'));
        Assert.DoesNotContain("Exception", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Usage", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ViolationClass.Safety, 2)]
    [InlineData(ViolationClass.Liveness, 3)]
    [InlineData(ViolationClass.Leak, 4)]
    [InlineData(ViolationClass.Nondeterminism, 5)]
    [InlineData(ViolationClass.Unhandled, 6)]
    [InlineData(ViolationClass.Harness, 7)]
    public void The_exit_code_is_that_of_the_class(ViolationClass violationClass, int exitCode)
    {
        using var folder = new TemporaryFolder();
        IScenario[] scenarios = [ExplorationScenario.Failing(violationClass)];
        CommandRun run = CommandRun.Of(scenarios, "run", "--scenario", "failing", "--seeds", "3", "--from", "11", "--artifacts", folder.Path);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains("test.failing", run.Out, StringComparison.Ordinal);
        Assert.Contains("fails always", run.Out, StringComparison.Ordinal);
        Assert.Contains("repro 11 --scenario failing --profile swarm", run.Out, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(folder.Path, "failing-swarm-11.simgraph"), run.Out, StringComparison.Ordinal);
        Assert.Equal(exitCode, CommandRun.Of(scenarios, "repro", "11", "--scenario", "failing").ExitCode);
        CommandRun replay = CommandRun.Of(scenarios, "repro", Path.Combine(folder.Path, "failing-swarm-11.simgraph"), "--twice", "--no-events");
        Assert.Equal(exitCode, replay.ExitCode);
        Assert.Contains("Came back: test.failing", replay.Out, StringComparison.Ordinal);
        Assert.Contains("the same hash both times", replay.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_campaign_that_holds_says_what_it_did()
    {
        CommandRun run = CommandRun.Of(Scenarios, "run", "--scenario", "sound", "--seeds", "300", "--jobs", "2");
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        foreach (string expected in (string[])["seeds from 1", "300", "run twice", "commits", "test.small", "test.impossible", "Violations: none"])
        {
            Assert.Contains(expected, run.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_required_probe_that_is_never_hit_is_a_warning()
    {
        IScenario[] scenarios = [new ExplorationScenario("quiet", (_, _) => Task.CompletedTask, "test.never")];
        CommandRun run = CommandRun.Of(scenarios, "run", "--scenario", "quiet", "--seeds", "300");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("WARNING: required, and never hit: test.never", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_campaign_prints_its_summary_and_ends_with_130()
    {
        CommandRun run = CommandRun.Of(Scenarios, new CancellationToken(canceled: true), "run", "--scenario", "sound");
        Assert.Equal(130, run.ExitCode);
        Assert.Contains("Interrupted", run.Out, StringComparison.Ordinal);
        Assert.Equal(130, CommandRun.Of([ExplorationCampaignTests.Endless()], new CancellationToken(canceled: true), "repro", "1", "--scenario", "endless", "--no-events").ExitCode);
    }

    [Fact]
    public void A_scenario_that_throws_is_a_failure_of_the_harness()
    {
        IScenario[] scenarios = [new ExplorationScenario("lost", (_, _) => throw new InvalidOperationException("broken"))];
        Assert.Equal(7, CommandRun.Of(scenarios, "repro", "1", "--scenario", "lost").ExitCode);
    }

    [Fact]
    public void Repro_prints_one_line_an_event_in_fixed_columns_and_the_same_every_time()
    {
        CommandRun run = CommandRun.Of(Scenarios, "repro", "1", "--scenario", "sound", "--twice");
        string[] lines = run.Out.Split('\n');
        int head = Array.IndexOf(lines, EventLine.Head);
        string[] events = [.. lines.Skip(head + 1).TakeWhile(line => line.Length > 0)];
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(events, line => line.Contains(" boot ", StringComparison.Ordinal));
        Assert.Contains(events, line => line.Contains(" client ", StringComparison.Ordinal));
        Assert.All(events, line =>
        {
            Assert.True(double.TryParse(line[..13], NumberStyles.Float, CultureInfo.InvariantCulture, out _), line);
            Assert.Equal('#', line[EventLine.Head.IndexOf('#', StringComparison.Ordinal)]);
        });
        Assert.Contains("All held.", run.Out, StringComparison.Ordinal);
        Assert.Contains("the same hash both times", run.Out, StringComparison.Ordinal);
        Assert.Equal(run.Out, CommandRun.Of(Scenarios, "repro", "1", "--scenario", "sound", "--twice").Out);
    }

    [Fact]
    public void Repro_stops_before_the_step_that_it_is_told()
    {
        CommandRun whole = CommandRun.Of(Scenarios, "repro", "1", "--scenario", "sound", "--no-events");
        CommandRun part = CommandRun.Of(Scenarios, "repro", "1", "--scenario", "sound", "--until", "4", "--no-events");
        Assert.Equal(0, part.ExitCode);
        Assert.Contains("Stopped before step 4", part.Out, StringComparison.Ordinal);
        Assert.Contains("run        4 steps", part.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("run        4 steps", whole.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Repro_twice_of_a_nondeterministic_run_ends_with_5()
    {
        int runs = 0;
        IScenario[] scenarios =
        [
            new ExplorationScenario("shared", (world, _) =>
            {
                world.Trace.Emit(TraceKind.Client, null, ++runs);
                return Task.CompletedTask;
            }),
        ];
        CommandRun run = CommandRun.Of(scenarios, "repro", "1", "--scenario", "shared", "--twice", "--no-events");
        Assert.Equal(5, run.ExitCode);
        Assert.Contains("first different event", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Repro_writes_the_events_to_a_file()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "events.log");
        CommandRun run = CommandRun.Of(Scenarios, "repro", "1", "--scenario", "sound", "--output", path);
        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain(" boot ", run.Out, StringComparison.Ordinal);
        Assert.Contains(" boot ", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_artifact_is_one_line_and_exit_code_1()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "damaged.simgraph");
        File.WriteAllBytes(path, new byte[100]);
        CommandRun run = CommandRun.Of(Scenarios, "repro", path);
        Assert.Equal((1, $"simgraph: {path}: not an artifact of simgraph{Environment.NewLine}"), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("--help", "Exit codes")]
    [InlineData("run --help", "--keep-going")]
    [InlineData("repro --help", "docs/event-log.md")]
    [InlineData("bench kernel --help", "Release")]
    [InlineData("bench storage --help", "--rounds")]
    [InlineData("bench failover --help", "--crashes")]
    [InlineData("bench replication --help", "--clients")]
    [InlineData("mutants --help", "--markdown")]
    [InlineData("scenarios", "lost-update  for tests: lost-update")]
    public void Help_teaches(string line, string expected)
    {
        CommandRun run = CommandRun.Of(Scenarios, line.Split(' '));
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.Contains(expected, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_failover_benchmark_shows_the_histogram_of_every_kind_of_crash()
    {
        CommandRun run = CommandRun.Of(Scenarios, "bench", "failover", "--crashes", "2");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(5, run.Out.Split("of that, until a node leads").Length - 1);
        Assert.Contains("█", run.Out, StringComparison.Ordinal);
        Assert.Contains("3 nodes, leader without power", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_storage_benchmark_says_so_and_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        CommandRun run = CommandRun.Of(Scenarios, new CancellationToken(canceled: true), "bench", "storage", "--folder", folder.Path, "--keys", "1000");
        Assert.Equal((130, "simgraph: interrupted\n"), (run.ExitCode, run.Error));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_short_storage_benchmark_measures_everything_and_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        CommandRun run = CommandRun.Of(Scenarios, "bench", "storage", "--folder", folder.Path, "--keys", "1000", "--rounds", "1", "--slice", "10ms");
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.Equal(9, run.Out.Split("SimGraph  ").Length - 1);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_short_replication_benchmark_measures_everything_and_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        CommandRun run = CommandRun.Of(
            Scenarios, "bench", "replication", "--folder", folder.Path, "--clients", "1", "--entries", "1000", "--rounds", "1", "--slice", "10ms");
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.Contains("three logs  ", run.Out, StringComparison.Ordinal);
        Assert.Contains("read replicas  ", run.Out, StringComparison.Ordinal);
        Assert.Contains("  1,000  ", run.Out, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Every_kind_of_event_is_in_the_legend()
    {
        string legend = File.ReadAllText(RepositoryFiles.Find("docs", "event-log.md"));
        foreach (TraceKind kind in Enum.GetValues<TraceKind>())
        {
            Assert.Contains($"| `{EventLine.NameOf(kind)}` | `{kind}` |", legend, StringComparison.Ordinal);
        }
    }
}
