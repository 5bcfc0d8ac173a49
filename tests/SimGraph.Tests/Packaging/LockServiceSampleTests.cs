using LockService;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Packaging;

/// <summary>The sample of the package SimGraph.Simulation does what its README says. <c>.ci/package</c> builds and runs it with the packages.</summary>
public sealed class LockServiceSampleTests
{
    private const int LinesMax = 149;

    [Fact]
    public void The_planted_bug_is_found_within_100_seeds_and_comes_back()
    {
        var scenario = new LockScenario(fencing: false);
        CampaignReport report = Explore(scenario, seeds: 100);
        ViolationGroup found = Assert.Single(report.Violations);
        Assert.Equal("lock.lost-increment", found.First.Name);
        Assert.Equal((int)ViolationClass.Safety, report.ExitCode);

        RunResult replay = scenario.Run(new ScenarioRequest { Seed = found.FirstSeed }).Result;
        Assert.Equal(found.Hash, replay.Hash);
        Assert.Equal(found.First, replay.Violation);
    }

    [Fact]
    public void With_fencing_400_seeds_are_clean()
    {
        CampaignReport report = Explore(new LockScenario(fencing: true), seeds: 400);
        Assert.Empty(report.Violations);
        Assert.Empty(report.RequiredProbesMissed);
        Assert.Equal(400, report.Runs);
    }

    [Fact]
    public void The_sample_has_less_than_150_lines()
    {
        string[] files = Directory.GetFiles(PackageFiles.Sample, "*.cs");
        Assert.NotEmpty(files);
        Assert.InRange(files.Sum(file => File.ReadLines(file).Count()), 1, LinesMax);
    }

    [Fact]
    public void A_copy_of_the_sample_takes_the_package_of_this_version() => Assert.Contains(
        $"""<PackageReference Include="SimGraph.Simulation" Version="{PackageFiles.Version}" />""",
        File.ReadAllText(Path.Join(PackageFiles.Sample, "LockService.csproj")),
        StringComparison.Ordinal);

    private static CampaignReport Explore(LockScenario scenario, long seeds) =>
        new Explorer(scenario, new ExplorerOptions { Seeds = seeds, Jobs = 2 }).Run(TestContext.Current.CancellationToken);
}
