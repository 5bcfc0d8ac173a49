using SimGraph.Properties;
using SimGraph.Properties.Cluster;
using SimGraph.Properties.Cluster.Plan;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Exploration.Shrinking;
using SimGraph.Simulation.Kernel;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Shrinking;

/// <summary>Plans as texts, as code, and in artifacts.</summary>
public sealed class PlanTests
{
    private const int Seeds = 50;

    public static TheoryData<string> Planned { get; } = [.. ScenarioCatalog.All.OfType<IPlannedScenario>().Select(static scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Planned))]
    public void A_plan_that_was_written_and_read_makes_the_same_run(string name)
    {
        IPlannedScenario scenario = ScenarioCatalog.All.OfType<IPlannedScenario>().Single(candidate => candidate.Name == name);
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            string text = PlanText.Write(scenario.Plan(new ScenarioRequest { Seed = seed }));
            Assert.Equal(text, PlanText.Write(PlanText.Read(text, scenario.PlanType)));
        }

        var request = new ScenarioRequest { Seed = 1 };
        object read = PlanText.Read(PlanText.Write(scenario.Plan(request)), scenario.PlanType);
        Assert.Equal(scenario.Run(request).Result.Hash, scenario.Run(request, read).Result.Hash);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{ "Nodes": "three" }""")]
    public void A_text_that_is_no_plan_is_refused(string text) =>
        Assert.Throws<FormatException>(() => PlanText.Read(text, typeof(ClusterPlan)));

    /// <summary>The file is compiled with the tests, and is a test itself: what is written is C# that runs.</summary>
    [Fact]
    public void A_plan_is_written_as_a_test_that_compiles()
    {
        var violation = new Violation(ViolationClass.Safety, "some.check", "1 < 2 & more\nand a second line", 1, TimeSpan.Zero);
        string source = RegressionTest.Write(new ClusterScenario(), Case(), violation, "WrittenRegression");
        string file = RepositoryFiles.Find("tests", "SimGraph.Tests", "Shrinking", "WrittenRegression.cs");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, source);
        }

        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), source);
    }

    [Fact]
    public void A_run_of_a_plan_is_recorded_with_it_and_comes_back()
    {
        using var folder = new TemporaryFolder();
        var scenario = new ClusterScenario();
        FailingCase recorded = Case();
        string path = (RunRecorder.Record(scenario, recorded, new ScenarioRequest { Seed = 0 }) with { Variant = "shrunk" }).Save(folder.Path);
        var artifact = RunArtifact.Load(path);
        Assert.Equal("cluster-swarm-77-shrunk.simgraph", Path.GetFileName(path));
        Assert.Equal(PlanText.Write(recorded.Plan), artifact.Plan);
        Assert.Equal(recorded.Fixed, artifact.Fixed);
        Assert.True(Replay.Run(scenario, artifact, new ScenarioRequest { Seed = 0 }).HashCameBack);
        Assert.Throws<ArtifactException>(() => Replay.Run(scenario, artifact with { Plan = "{" }, new ScenarioRequest { Seed = 0 }));
        Assert.Throws<ArtifactException>(() => Replay.Run(ExplorationScenario.Sound(), artifact, new ScenarioRequest { Seed = 0 }));
    }

    private static FailingCase Case()
    {
        var plan = new ClusterPlan
        {
            Clients = 1,
            OperationsMax = 4,
            SafetyTime = TimeSpan.FromMilliseconds(1500),
            ThinkTimeMax = TimeSpan.Zero,
            ClockOffsetMax = new TimeSpan(12_345),
            ChancePoints = true,
            Disk = DiskFaultOptions.None with { StallPartsPerMillion = 1_000, PowerLoss = PowerLossPolicy.Chosen },
            Acknowledgements = new AcknowledgementPlan(SimGraph.Replication.WriteAcknowledgement.Quorum, TimeSpan.FromSeconds(1), 10, 0, 5),
            Faults =
            [
                new PlannedFault(TimeSpan.FromMilliseconds(400), FaultKind.Crash, FaultTarget.Leader, 0, TimeSpan.FromMilliseconds(300), -5),
                new PlannedFault(TimeSpan.FromMilliseconds(900), FaultKind.Pause, FaultTarget.Follower, 1, TimeSpan.FromMilliseconds(100), 0),
            ],
        };
        FailingCase made = FailingCase.Of(77, plan);
        return made with { Fixed = made.Fixed.Add("network.latency", FixedAnswer.Least).Add("random.workload", FixedAnswer.Largest) };
    }
}
