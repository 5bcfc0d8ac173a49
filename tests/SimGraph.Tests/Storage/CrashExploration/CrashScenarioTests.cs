using SimGraph.Properties.Storage;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Trace;
using Xunit;

namespace SimGraph.Tests.Storage.CrashExploration;

public sealed class CrashScenarioTests
{
    public static TheoryData<string> Names => [.. StorageSubjects.Scenarios().Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_is_the_same_twice_traced_or_not_and_replayed(string name)
    {
        StorageScenario[] scenarios = [.. StorageSubjects.Scenarios()];
        int ordinal = Array.FindIndex(scenarios, scenario => scenario.Name == name);
        StorageScenario scenario = scenarios[ordinal];

        // Another seed for each, so that together they see every explorer.
        var request = new ScenarioRequest { Seed = (ulong)ordinal + 1, Profile = Profiles.Lite };
        int events = 0;
        ScenarioOutcome first = scenario.Run(request);
        ScenarioOutcome traced = scenario.Run(request with { TraceListener = _ => events++ });
        RunArtifact recorded = RunRecorder.Record(scenario, request, out bool stopped);
        ReplayReport replayed = Replay.Run(scenario, recorded, request);

        Assert.Null(first.Result.Violation);
        Assert.Equal(first.Result.Hash, traced.Result.Hash);
        Assert.Equal(first.Options, traced.Options);
        Assert.True(events > 0);
        Assert.False(stopped);
        Assert.Equal(first.Result.Hash, recorded.Hash);
        Assert.True(replayed.HashCameBack);
    }

    [Fact]
    public void Another_seed_is_another_run()
    {
        var scenario = new StorageScenario(StorageSubjects.All[0]);

        ulong[] hashes = [.. Enumerable.Range(1, 5).Select(seed => scenario.Run(new ScenarioRequest { Seed = (ulong)seed, Profile = Profiles.Lite }).Result.Hash)];

        Assert.Equal(5, hashes.Distinct().Count());
    }

    [Fact]
    public void A_violation_ends_the_run_and_shows_the_world_that_found_it()
    {
        var scenario = new StorageScenario(new ToySubject());
        var texts = new List<TraceRecord>();
        ScenarioOutcome outcome = scenario.Run(new ScenarioRequest { Seed = 1, Profile = Profiles.Brutal, TraceListener = texts.Add });

        Assert.StartsWith("toy.", outcome.Result.Violation?.Name, StringComparison.Ordinal);
        Assert.Contains(texts, record => record.Kind == TraceKind.Violation);
        Assert.Contains(outcome.Options, option => option.Value.Contains("toy with NoFlush", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_can_be_stopped_at_a_step_and_given_up()
    {
        var scenario = new StorageScenario(StorageSubjects.All[0]);
        using var abort = new CancellationTokenSource();
        abort.Cancel();

        ScenarioOutcome stopped = scenario.Run(new ScenarioRequest { Seed = 1, StopAtStep = 50 });
        ScenarioOutcome aborted = scenario.Run(new ScenarioRequest { Seed = 1, Abort = abort.Token });

        Assert.True(stopped.Result.Stopped);
        Assert.Equal(50, stopped.Result.Steps);
        Assert.True(aborted.Result.Stopped);
    }
}
