using System.Globalization;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;

namespace SimGraph.Properties.Storage;

/// <summary>One run of a storage scenario.</summary>
internal sealed class StorageRun
{
    private readonly string _profile;
    private readonly StorageLimits _limits;
    private readonly PlanRandom _shape;
    private readonly IChoiceSource _choices;
    private readonly WorldSeries _worlds;
    private readonly ulong _seed;
    private readonly List<KeyValuePair<string, string>> _options = [];

    public StorageRun(ScenarioRequest request, IChoiceSource choices, Func<long, bool> isShown)
    {
        _profile = request.Profile;
        _limits = StorageLimits.Of(request.Profile);
        _choices = choices;
        _shape = new PlanRandom(new PlanChoices(choices), "storage.shape");
        _seed = (ulong)_shape.NextInt64();
        _worlds = new WorldSeries(request, _seed, chancePoints: _profile != Profiles.Performance, isShown);
    }

    /// <summary>How many worlds there were.</summary>
    public long Worlds => _worlds.Worlds;

    /// <summary>Number of the newest world in which the workload ran.</summary>
    public long LastWorkload => _worlds.LastWorkload;

    public ScenarioOutcome Run(IReadOnlyList<IStorageSubject> subjects)
    {
        IStorageSubject subject = subjects[_shape.Next(subjects.Count)];
        StorageMode mode = DrawMode();
        AddOption("subject", subject.Name);
        AddOption("mode", mode.ToString());
        AddOption("worlds-seed", _seed.ToString(CultureInfo.InvariantCulture));
        _worlds.Count($"storage.runs.{mode}");
        Explore(subject, mode);
        return new ScenarioOutcome(_worlds.Result(), _options);
    }

    // Crash points are the mode with the most worlds in each run, so the others come more often than their share of the work.
    private StorageMode DrawMode() => _profile == Profiles.Performance
        ? StorageMode.Lives
        : _shape.Next(13) switch
        {
            < 4 => StorageMode.CrashPoints,
            < 6 => StorageMode.Failures,
            < 9 => StorageMode.Lives,
            < 12 => StorageMode.Stops,
            _ => StorageMode.Rot,
        };

    private void Explore(IStorageSubject subject, StorageMode mode)
    {
        switch (mode)
        {
            case StorageMode.CrashPoints:
                var plans = new List<Func<IStorageWorkload>>();
                new CrashExplorer(_worlds, _limits, _seed).Explore(depth =>
                {
                    while (plans.Count <= depth)
                    {
                        plans.Add(Plan(subject, StorageSize.Small, $"plan[{plans.Count}]"));
                    }

                    return plans[depth]();
                });
                break;
            case StorageMode.Failures:
                new FailureExplorer(_worlds, _limits, _seed).Explore(PlanAfter(subject, mediumEvery: 4, out IStorageWorkload? beforeFailures), beforeFailures);
                break;
            case StorageMode.Stops:
                new StopExplorer(_worlds, _limits, _seed).Explore(PlanAfter(subject, mediumEvery: 2, out IStorageWorkload? beforeStops), beforeStops);
                break;
            case StorageMode.Rot when Plan(subject, StorageSize.Small, "plan")() is IRotCheck rotting:
                new RotExplorer(_worlds, _limits, _seed).Explore((IStorageWorkload)rotting);
                break;
            default:
                int lives = 2 + _shape.Next(_limits.LivesMax - 1);
                new LivesExplorer(_worlds, _seed).Explore(life => life < lives ? DrawLife(subject, life) : null);
                break;
        }
    }

    // A workload, and now and then one before it.
    private Func<IStorageWorkload> PlanAfter(IStorageSubject subject, int mediumEvery, out IStorageWorkload? before)
    {
        before = _shape.Next(2) == 0 ? null : Plan(subject, StorageSize.Small, "plan before")();
        StorageSize size = _shape.Next(mediumEvery) == 0 ? StorageSize.Medium : StorageSize.Small;
        return Plan(subject, size, "plan");
    }

    private LifePlan DrawLife(IStorageSubject subject, int life)
    {
        StorageSize size = _shape.Next(3) == 0 ? StorageSize.Large : StorageSize.Medium;
        IStorageWorkload workload = subject.Create(new PlanRandom(new PlanChoices(_choices), $"storage.life[{life}]"), size);
        LifeEnd end = _profile == Profiles.Performance ? LifeEnd.Stop : (LifeEnd)_shape.Next(3);

        // Most deaths are early: recovery is where a life is most delicate.
        int endsAfter = 1 + _shape.Next(1 << (2 + _shape.Next(10)));
        var plan = new LifePlan(workload, StorageFaults.Draw(_shape, _profile), endsAfter, end);
        AddOption($"life[{life}]", plan.Describe());
        return plan;
    }

    // Draws a plan once; each call makes a workload of it, from the same draws.
    private Func<IStorageWorkload> Plan(IStorageSubject subject, StorageSize size, string name)
    {
        var draws = new RememberedChoices(_choices);
        IStorageWorkload Create()
        {
            draws.Rewind();
            return subject.Create(new PlanRandom(new PlanChoices(draws), $"storage.{name}"), size);
        }

        AddOption(name, Create().Describe());
        return Create;
    }

    private void AddOption(string name, string value) => _options.Add(new KeyValuePair<string, string>(name, value));
}
