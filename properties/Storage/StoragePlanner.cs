using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;

namespace SimGraph.Properties.Storage;

/// <summary>Draws the plan of a run of a storage scenario.</summary>
internal sealed class StoragePlanner(IReadOnlyList<IStorageSubject> subjects, PlanChoices choices, string profile)
{
    private readonly PlanRandom _shape = new(choices, "storage.shape");
    private readonly StorageLimits _limits = StorageLimits.Of(profile);

    public StoragePlan Draw()
    {
        IStorageSubject subject = subjects[_shape.Next(subjects.Count)];
        StorageMode mode = DrawMode();
        var plan = new StoragePlan { Mode = mode, Limits = _limits, ChancePoints = profile != Profiles.Performance };
        switch (mode)
        {
            case StorageMode.CrashPoints:
                return plan with { Workloads = [.. Enumerable.Range(0, _limits.DepthMax + 1).Select(depth => Draw(subject, StorageSize.Small, $"plan[{depth}]"))] };
            case StorageMode.Failures:
                return plan with { Workloads = DrawAfter(subject, mediumEvery: 4) };
            case StorageMode.Stops:
                return plan with { Workloads = DrawAfter(subject, mediumEvery: 2) };
            case StorageMode.Rot when Draw(subject, StorageSize.Small, "plan") is var rotting && rotting.Create() is IRotCheck:
                return plan with { Workloads = [rotting] };
            default:
                int lives = 2 + _shape.Next(_limits.LivesMax - 1);
                return plan with { Mode = StorageMode.Lives, Lives = [.. Enumerable.Range(0, lives).Select(life => DrawLife(subject, life))] };
        }
    }

    // Crash points are the mode with the most worlds in each run, so the others come more often than their share of the work.
    private StorageMode DrawMode() => profile == Profiles.Performance
        ? StorageMode.Lives
        : _shape.Next(13) switch
        {
            < 4 => StorageMode.CrashPoints,
            < 6 => StorageMode.Failures,
            < 9 => StorageMode.Lives,
            < 12 => StorageMode.Stops,
            _ => StorageMode.Rot,
        };

    // A workload, and now and then one before it.
    private WorkloadPlan[] DrawAfter(IStorageSubject subject, int mediumEvery)
    {
        WorkloadPlan[] before = _shape.Next(2) == 0 ? [] : [Draw(subject, StorageSize.Small, "plan before")];
        StorageSize size = _shape.Next(mediumEvery) == 0 ? StorageSize.Medium : StorageSize.Small;
        return [.. before, Draw(subject, size, "plan")];
    }

    private LifePlan DrawLife(IStorageSubject subject, int life)
    {
        StorageSize size = _shape.Next(3) == 0 ? StorageSize.Large : StorageSize.Medium;
        WorkloadPlan workload = Draw(subject, size, $"life[{life}]");
        LifeEnd end = profile == Profiles.Performance ? LifeEnd.Stop : (LifeEnd)_shape.Next(3);

        // Most deaths are early: recovery is where a life is most delicate.
        int endsAfter = 1 + _shape.Next(1 << (2 + _shape.Next(10)));
        return new LifePlan(workload, StorageFaults.Draw(_shape, profile), endsAfter, end);
    }

    private WorkloadPlan Draw(IStorageSubject subject, StorageSize size, string name) => subject.Draw(new PlanRandom(choices, $"storage.{name}"), size);
}
