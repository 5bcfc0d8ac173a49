// The storage scenarios: each seed is one plan (component, options, operations, mode), drawn from the run's choices, and explored in as many small worlds as the
// profile allows. With a listener the run is made twice: first without it, to learn which world is worth looking at, then with it for that world,
// the one that recorded the workload, and the last in which the workload ran.

using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;

namespace SimGraph.Properties.Storage;

/// <summary>Storage components under crashes, power loss and failing disks.</summary>
internal sealed class StorageScenario : PlannedScenario<StoragePlan>
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

    /// <summary>A scenario that draws one of the components for each seed.</summary>
    public StorageScenario()
    {
        _subjects = [.. StorageSubjects.All];
        Name = "storage";
        Description = $"one of the storage components in each run ({string.Join(", ", _subjects.Select(static subject => subject.Name))}), under crashes, power loss and failing disks";
        RequiredProbes = CommonProbes;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Description { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> RequiredProbes { get; }

    /// <inheritdoc/>
    public override ScenarioOutcome Run(ScenarioRequest request, StoragePlan plan)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(plan);
        var seed = (ulong)new PlanRandom(new PlanChoices(request.Choices ?? new SeededChoices(request.Seed)), "storage.worlds").NextInt64();
        if (request.TraceListener is null && request.InputListener is null)
        {
            return new StorageRun(request, plan, seed, static _ => false).Run();
        }

        var silent = new StorageRun(request with { TraceListener = null, InputListener = null }, plan, seed, static _ => false);
        ScenarioOutcome outcome = silent.Run();
        return outcome.Result.Stopped
            ? outcome
            : new StorageRun(request, plan, seed, number => number == 0 || number == silent.LastWorkload || number == silent.Worlds - 1).Run();
    }

    /// <inheritdoc/>
    protected override StoragePlan Draw(PlanChoices choices, string profile) => new StoragePlanner(_subjects, choices, profile).Draw();
}
