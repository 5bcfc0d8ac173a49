using SimGraph.Properties;
using SimGraph.Soak.FineLane.Zoom;
using SimGraph.Tests.Simulation;
using SimGraph.Tests.Soak;
using Xunit;

namespace SimGraph.Tests.Coyote;

/// <summary>The command that takes one component of a fast run into the fine lane.</summary>
public sealed class ZoomCommandTests
{
    [Theory]
    [InlineData("wal", "--scenario storage-wal", "storage")]
    [InlineData("inbox", "--scenario cluster --until 700", "n1")]
    public void The_calls_of_a_sound_component_hold_in_the_fine_lane(string component, string run, string machine)
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "calls.zoom");
        CommandRun zoomed = Zoom($"3 {run} --machine {machine} --component {component} --schedules 8 --no-build --output {file}");
        Assert.Equal((0, string.Empty), (zoomed.ExitCode, zoomed.Error));
        Assert.Contains($"{component} of {machine} kept its promises on ", zoomed.Out, StringComparison.Ordinal);
        Assert.True(ZoomFile.Parse(File.ReadAllText(file)).Calls.Count > 1);

        CommandRun again = Zoom($"{file} --schedules 3 --no-build");
        Assert.Equal((0, string.Empty), (again.ExitCode, again.Error));
        Assert.DoesNotContain("fast lane", again.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 --component wal", "--machine NAME")]
    [InlineData("1 --machine storage", "--component wal|inbox")]
    [InlineData("1 --machine storage --component disk", "there is no 'disk'; there are: wal, inbox")]
    [InlineData("1 --scenario storage-wal --machine nobody --component wal", "there are: storage (wal)")]
    [InlineData("1 --scenario storage-wal --machine storage --component inbox", "storage has no inbox; it has: wal")]
    [InlineData("1 --scenario storage-wal --machine storage --component wal --from 1 --until 2", "was asked nothing from step 1 until 2")]
    [InlineData("1 --scenario storage-wal --machine storage --component wal --from 2 --until 2", "no step between them")]
    [InlineData("1 --scenario storage-lsm --machine storage --component wal", "no component of this run tells what it is asked")]
    [InlineData("missing.simgraph --machine storage --component wal", "missing.simgraph")]
    [InlineData("missing.zoom", "missing.zoom cannot be read")]
    public void A_mistake_is_said_in_a_line(string arguments, string problem) => Zoom($"{arguments} --no-build").AssertIsMistake(problem);

    [Fact]
    public void A_damaged_file_is_refused_with_its_line()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "a.zoom");
        File.WriteAllText(file, "{\"format\":\"simgraph-zoom 1\"}\n");
        Zoom($"{file} --no-build").AssertIsMistake("a damaged file of calls: line 1: ");
    }

    [Fact]
    public void Calls_that_nobody_can_make_are_refused()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "a.zoom");
        const string Head = """{"format":"simgraph-zoom 1","scenario":"s","profile":"swarm","seed":1,"machine":"m","component":"inbox","from":0,"until":9,"leftOut":0}""";
        const string Open = """{"number":1,"step":1,"life":1,"caller":"main#1","call":"open","outcome":"Done","arguments":{"capacity":[4]}}""";
        const string Fly = """{"number":2,"step":1,"life":1,"caller":"main#1","call":"fly","outcome":"Done","arguments":{}}""";
        File.WriteAllLines(file, [Head, Open, Fly]);
        Zoom($"{file} --no-build").AssertIsMistake("an inbox cannot be asked to 'fly'");
    }

    private static CommandRun Zoom(string arguments) => CommandRun.Of(ScenarioCatalog.All, ["zoom", .. arguments.Split(' ')]);
}
