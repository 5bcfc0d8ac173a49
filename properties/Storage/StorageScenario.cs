// The storage scenarios: each seed is one plan (component, options, operations, mode), drawn from the run's choices, and explored in as many small worlds as the
// profile allows. With a listener the run is made twice: first without it, to learn which world is worth looking at, then with it for that world,
// the one that recorded the workload, and the last in which the workload ran.

using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;

namespace SimGraph.Properties.Storage;

/// <summary>Storage components under crashes, power loss and failing disks.</summary>
internal sealed class StorageScenario : IScenario
{
    private static readonly string[] CommonProbes =
        [CrashExplorer.ExploredProbe, CrashExplorer.RecoveryExploredProbe, FailureExplorer.UnharmedProbe, StopExplorer.StoppedProbe, LivesExplorer.LivedProbe];

    private readonly IStorageSubject[] _subjects;

    /// <summary>A scenario of one component.</summary>
    public StorageScenario(IStorageSubject subject)
    {
        _subjects = [subject];
        Name = $"storage-{subject.Name}";
        Description = subject.Description;
        RequiredProbes = [.. CommonProbes, .. subject.RequiredProbes];
    }

    /// <summary>A scenario that draws one of several components for each seed.</summary>
    public StorageScenario(IReadOnlyList<IStorageSubject> subjects)
    {
        _subjects = [.. subjects];
        Name = "storage";
        Description = $"one of the storage components in each run ({string.Join(", ", subjects.Select(static subject => subject.Name))}), under crashes, power loss and failing disks";
        RequiredProbes = CommonProbes;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> RequiredProbes { get; }

    /// <inheritdoc/>
    public ScenarioOutcome Run(ScenarioRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Profiles.Check(request.Profile);
        var choices = new RememberedChoices(request.Choices ?? new SeededChoices(request.Seed));
        if (request.TraceListener is null && request.InputListener is null)
        {
            return new StorageRun(request, choices, static _ => false).Run(_subjects);
        }

        var silent = new StorageRun(request with { TraceListener = null, InputListener = null }, choices, static _ => false);
        ScenarioOutcome outcome = silent.Run(_subjects);
        if (outcome.Result.Stopped)
        {
            return outcome;
        }

        choices.Rewind();
        return new StorageRun(request, choices, number => number == 0 || number == silent.LastWorkload || number == silent.Worlds - 1).Run(_subjects);
    }
}
