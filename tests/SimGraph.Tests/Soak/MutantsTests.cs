using SimGraph.Properties;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using SimGraph.Soak;
using SimGraph.Soak.Commands;
using SimGraph.Soak.Mutants;
using SimGraph.Soak.Rendering;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Soak;

public sealed class MutantsTests
{
    private static readonly MutantsOptions Options = new(TimeSpan.FromSeconds(60), Jobs: 1, KeepFolder: null);

    [Fact]
    public void Every_patch_has_a_row_and_every_row_a_patch_and_something_that_finds_it()
    {
        PlantedIndex index = PlantedIndex.Load(RepositoryFiles.Find("properties", "planted"));
        string[] sources = [.. Directory.EnumerateFiles(RepositoryFiles.Find("tests"), "*.cs", SearchOption.AllDirectories)];
        Assert.NotEmpty(index.Defects);
        Assert.All(index.Defects, defect =>
        {
            Assert.All(defect.Scenarios, scenario => Assert.Contains(ScenarioCatalog.All, known => known.Name == scenario));
            if (defect.Test is { } test)
            {
                string[] names = test.Split('.');
                Assert.Contains($" {names[1]}()", File.ReadAllText(Assert.Single(sources, source => Path.GetFileNameWithoutExtension(source) == names[0])), StringComparison.Ordinal);
                Assert.NotNull(defect.Note);
            }
        });
    }

    [Theory]
    [InlineData("", "cannot be read")]
    [InlineData("[", "cannot be read")]
    [InlineData("""[{ "patch": "X01-a", "title": "a", "scenarios": ["s"], "speed": 1 }]""", "cannot be read")]
    [InlineData("""[{ "patch": "X01-a", "title": " ", "scenarios": ["s"] }]""", "'X01-a' has no title")]
    [InlineData("""[{ "patch": "X01-a", "title": "a" }]""", "'X01-a' needs either")]
    [InlineData("""[{ "patch": "X01-a", "title": "a", "scenarios": ["s"], "test": "T.t" }]""", "'X01-a' needs either")]
    [InlineData("""[]""", "'X01-a.patch' has no row")]
    [InlineData("""[{ "patch": "X01-a", "title": "a", "scenarios": ["s"] }, { "patch": "X01-a", "title": "b", "test": "T.t" }]""", "'X01-a' has two rows")]
    [InlineData("""[{ "patch": "X01-a", "title": "a", "scenarios": ["s"] }, { "patch": "X02-b", "title": "b", "test": "T.t" }]""", "'X02-b' has a row and no patch")]
    public void A_mistake_in_the_index_is_named(string json, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "X01-a.patch"), string.Empty);
        File.WriteAllText(Path.Combine(folder.Path, PlantedIndex.FileName), json);
        UsageException mistake = Assert.Throws<UsageException>(() => PlantedIndex.Load(folder.Path));
        Assert.Contains(expected, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defects_are_selected_by_id_or_by_the_name_of_a_patch()
    {
        PlantedIndex index = PlantedIndex.Load(RepositoryFiles.Find("properties", "planted"));
        Assert.Equal(index.Defects, index.Select([]));
        Assert.Equal(["C10", "C10", "C10"], index.Select(["c10"]).Select(defect => defect.Id));
        Assert.Equal(["C02-vote-not-persisted", "C10-members-never-expire"], index.Select(["C10-members-never-expire", "C02"]).Select(defect => defect.Patch));
        Assert.Equal("--only: there is no planted defect 'C99'; `simgraph mutants --list` lists them", Assert.Throws<UsageException>(() => index.Select(["C02", "C99"])).Message);
    }

    [Fact]
    public void Outside_of_a_checkout_there_is_nothing_to_plant_in()
    {
        using var folder = new TemporaryFolder();
        Assert.StartsWith("this needs a checkout of SimGraph", Assert.Throws<UsageException>(() => Checkout.Find(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Equal(Path.GetDirectoryName(RepositoryFiles.Find("SimGraph.sln")), Checkout.Find(AppContext.BaseDirectory).Root);
    }

    [Fact]
    public async Task A_folder_that_git_does_not_know_and_a_program_that_is_missing_are_mistakes_of_use()
    {
        using var folder = new TemporaryFolder();
        var command = new ChildCommand("no-such-program-anywhere", [], folder.Path, TimeSpan.FromMinutes(1));
        UsageException missing = await Assert.ThrowsAsync<UsageException>(() => ChildProcess.RunAsync(command, TestContext.Current.CancellationToken));
        Assert.Contains("must be installed", missing.Message, StringComparison.Ordinal);
        UsageException unknown = await Assert.ThrowsAsync<UsageException>(() => new Checkout(folder.Path).FilesAsync(TestContext.Current.CancellationToken));
        Assert.Contains("cannot be listed", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_to_keep_must_be_new_and_another_one_goes_with_what_is_in_it()
    {
        using var folder = new TemporaryFolder();
        string kept = Path.Combine(folder.Path, "kept");
        Workspace.Create(kept, TextWriter.Null).Dispose();
        Assert.True(Directory.Exists(kept));
        Assert.Throws<UsageException>(() => Workspace.Create(folder.Path, TextWriter.Null));

        Workspace workspace = Workspace.Create(keepFolder: null, TextWriter.Null);
        File.WriteAllText(Path.Combine(workspace.Folder, "file"), "text");
        workspace.Dispose();
        Assert.False(Directory.Exists(workspace.Folder));
    }

    [Fact]
    public async Task When_all_are_found_the_table_says_as_what_and_the_targets_are_met()
    {
        (int exitCode, string output) = await RunAsync(
            new FakeTrial(
                Found("X01-a", ViolationClass.Safety, "test.first", seed: 7, cpuSeconds: 2),
                Found("X02-b", ViolationClass.Leak, "test.second", seed: 1, cpuSeconds: 4),
                Tested("X03-c", DefectVerdict.FoundByTest)));
        Assert.Equal(ExitCodes.Held, exitCode);
        foreach (string expected in (string[])
            [
                "X01  safety: test.first, seed 7, 7 runs, 4.0 s, 2.0 s of CPU time: title of X01-a",
                "X02  leak: test.second, seed 1, 1 run, 8.0 s, 4.0 s of CPU time: title of X02-b",
                "X03  test: Tests.Fails: title of X03-c",
                "2 found, 1 found by a test, 0 survived, 0 not tried",
                "median of those found: 3.0 s of CPU time",
                "longest: X02-b, 8.0 s, 4.0 s of CPU time",
                "met     every listed defect that only a test can show is found by it: 1 of 1",
                "met     every listed defect that runs can show is found: 2 of 2",
                "met     median below 10.0 s of CPU time: 3.0 s",
                "met     none over 10 min: the longest took 8.0 s",
            ])
        {
            Assert.Contains(expected, output, StringComparison.Ordinal);
        }

        Assert.Matches(@"\n  X01 +title of X01-a +safety: test\.first +7 +7 +4\.0 +2\.0 *\n", output);
    }

    [Fact]
    public async Task One_that_survives_gives_exit_code_2_and_misses_the_target()
    {
        (int exitCode, string output) = await RunAsync(
            new FakeTrial(
                Found("X01-a", ViolationClass.Safety, "test.first", seed: 7, cpuSeconds: 20),
                new DefectOutcome { Defect = Explored("X02-b"), Verdict = DefectVerdict.Survived, Runs = 50, WallTime = TimeSpan.FromMinutes(11) },
                NotTried("X03-c")));
        Assert.Equal(2, exitCode);
        Assert.Contains("X02  SURVIVED, 50 runs, 660.0 s", output, StringComparison.Ordinal);
        Assert.Contains("missed  every listed defect that runs can show is found: 1 of 3", output, StringComparison.Ordinal);
        Assert.Contains("missed  median below 10.0 s of CPU time: 20.0 s", output, StringComparison.Ordinal);
        Assert.Contains("missed  none over 10 min: the longest took 660.0 s", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_its_test_passes_has_survived()
    {
        (int exitCode, string output) = await RunAsync(new FakeTrial(Tested("X01-a", DefectVerdict.Survived), Tested("X02-b", DefectVerdict.FoundByTest)));
        Assert.Equal(2, exitCode);
        Assert.Contains("X01  SURVIVED Tests.Fails: title of X01-a", output, StringComparison.Ordinal);
        Assert.Contains("0 found, 1 found by a test, 1 survived, 0 not tried", output, StringComparison.Ordinal);
        Assert.Contains("missed  every listed defect that only a test can show is found by it: 1 of 2", output, StringComparison.Ordinal);
        Assert.DoesNotContain("that runs can show", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_cannot_be_tried_is_no_success()
    {
        (int exitCode, string output) = await RunAsync(new FakeTrial(NotTried("X01-a"), Found("X02-b", ViolationClass.Unhandled, "Exception", seed: 1, cpuSeconds: 1)));
        Assert.Equal(ExitCodes.Harness, exitCode);
        Assert.Contains("NOT TRIED: the patch does not apply", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_shows_what_was_done_until_then_and_ends_with_130()
    {
        using var interrupt = new CancellationTokenSource();
        var trial = new FakeTrial(Found("X01-a", ViolationClass.Safety, "test.first", seed: 7, cpuSeconds: 2), Found("X02-b", ViolationClass.Safety, "test.second", seed: 1, cpuSeconds: 2))
        {
            AfterFirst = interrupt.Cancel,
        };
        (int exitCode, string output) = await RunUntilAsync(trial, interrupt.Token);
        Assert.Equal(130, exitCode);
        Assert.Contains("1 found, 0 survived", output, StringComparison.Ordinal);
        Assert.Contains("Interrupted.", output, StringComparison.Ordinal);
        Assert.Contains("missed  every listed", output, StringComparison.Ordinal);
        Assert.DoesNotContain("X02", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_for_a_document_escapes_its_cells()
    {
        DefectOutcome found = Found("X01-a", ViolationClass.Safety, "test.first", seed: 7, cpuSeconds: 2) with { Scenario = "cluster" };
        found = found with { Defect = found.Defect with { Title = "a | b" } };
        using var writer = new StringWriter();
        MutantsMarkdown.Write(new MutantsResult([found, Tested("X02-b", DefectVerdict.FoundByTest)], Interrupted: false), Options, writer);
        Assert.Contains("| X01 | a \\| b | cluster | safety: `test.first` | 7 | 7 | 4.0 | 2.0 |", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("| X02 | title of X02-b | test | `Tests.Fails` (no run shows it) |  |  |  |  |", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("- met: every listed defect", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_says_what_explores_each()
    {
        using var output = new StringWriter();
        MutantsView.WriteList([Explored("X01-a"), ShownByTest("X02-bcd")], Terminal.Of(output, TextWriter.Null, isInteractive: false, CancellationToken.None));
        Assert.Equal("X01-a    cluster: title of X01-a\nX02-bcd  test Tests.Fails: title of X02-bcd\n", output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void A_run_writes_its_summary_to_a_file()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "summary.json");
        IScenario[] scenarios = [ExplorationScenario.Failing(ViolationClass.Leak)];
        CommandRun run = CommandRun.Of(scenarios, "run", "--scenario", "failing", "--seeds", "3", "--from", "11", "--artifacts", folder.Path, "--summary", path);
        RunSummary summary = Assert.IsType<RunSummary>(RunSummary.TryRead(path));
        RunSummaryViolation violation = Assert.Single(summary.Violations);
        Assert.Equal((4, 4, "failing", "swarm", 11UL, 1L, false), (run.ExitCode, summary.ExitCode, summary.Scenario, summary.Profile, summary.FromSeed, summary.Runs, summary.Interrupted));
        Assert.Equal((ViolationClass.Leak, "test.failing", 11UL, 1L), (violation.Class, violation.Name, violation.Seed, violation.Runs));
        Assert.Equal(Path.Combine(folder.Path, "failing-swarm-11.simgraph"), violation.Artifact);
        Assert.True(summary.CpuSeconds >= 0 && summary.WallSeconds > 0);
    }

    private static Task<(int ExitCode, string Out)> RunAsync(FakeTrial trial) =>
        RunUntilAsync(trial, TestContext.Current.CancellationToken);

    private static async Task<(int ExitCode, string Out)> RunUntilAsync(FakeTrial trial, CancellationToken interrupted)
    {
        using var output = new StringWriter();
        var terminal = Terminal.Of(output, TextWriter.Null, isInteractive: false, interrupted);
        int exitCode = await new MutantsRun([.. trial.Defects], trial, terminal).RunAsync(result => MutantsView.Write(result, terminal));
        return (exitCode, output.ToString().ReplaceLineEndings("\n"));
    }

    private static DefectOutcome Found(string patch, ViolationClass violationClass, string name, ulong seed, double cpuSeconds) => new()
    {
        Defect = Explored(patch),
        Verdict = DefectVerdict.Found,
        Shown = new RunSummaryViolation { Class = violationClass, Name = name, Message = "found", Seed = seed, Runs = 1 },
        Runs = (long)seed,
        WallTime = TimeSpan.FromSeconds(2 * cpuSeconds),
        CpuTime = TimeSpan.FromSeconds(cpuSeconds),
    };

    private static DefectOutcome NotTried(string patch) =>
        new() { Defect = Explored(patch), Verdict = DefectVerdict.NotTried, Problem = "the patch does not apply" };

    private static PlantedDefect Explored(string patch) => new() { Patch = patch, Title = $"title of {patch}", Scenarios = ["cluster"] };

    private static DefectOutcome Tested(string patch, DefectVerdict verdict) => new() { Defect = ShownByTest(patch), Verdict = verdict };

    private static PlantedDefect ShownByTest(string patch) => new() { Patch = patch, Title = $"title of {patch}", Test = "Tests.Fails", Note = "no run shows it." };
}
