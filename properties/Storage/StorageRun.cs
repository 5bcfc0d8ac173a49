using System.Globalization;
using SimGraph.Simulation.Exploration;

namespace SimGraph.Properties.Storage;

/// <summary>One run of a storage scenario.</summary>
/// <param name="request">What is to be seen of it.</param>
/// <param name="plan">What it is made from.</param>
/// <param name="seed">What its worlds choose is derived from it.</param>
/// <param name="isShown">Which worlds those who listen hear of, by number.</param>
internal sealed class StorageRun(ScenarioRequest request, StoragePlan plan, ulong seed, Func<long, bool> isShown)
{
    // How much was asked for, and what shrinking it leaves, is told by it.
    private const string AskedCounter = "storage.operations-planned";
    private readonly WorldSeries _worlds = new(request, seed, plan.ChancePoints, isShown);

    /// <summary>How many worlds there were.</summary>
    public long Worlds => _worlds.Worlds;

    /// <summary>Number of the newest world in which the workload ran.</summary>
    public long LastWorkload => _worlds.LastWorkload;

    // Parts of plans of two components may have been crossed: what one of them leaves means nothing to the other.
    private WorkloadPlan[] Workloads => [.. plan.Workloads.Where(workload => workload.GetType() == plan.Workloads[0].GetType())];

    private LifePlan[] Lives => [.. plan.Lives.Where(life => life.Workload.GetType() == plan.Lives[0].Workload.GetType())];

    public ScenarioOutcome Run()
    {
        WorkloadPlan[] workloads = Workloads;
        _worlds.Count($"storage.runs.{plan.Mode}");
        if (plan.Mode == StorageMode.Lives)
        {
            LifePlan[] lives = Lives;
            _worlds.Count(AskedCounter, lives.Sum(static life => (long)life.Workload.Amount));
            new LivesExplorer(_worlds, seed).Explore(lives);
        }
        else if (workloads.Length > 0)
        {
            _worlds.Count(AskedCounter, workloads.Sum(static workload => (long)workload.Amount));
            Explore(workloads);
        }

        return new ScenarioOutcome(_worlds.Result(), [.. Options()]);
    }

    private void Explore(WorkloadPlan[] workloads)
    {
        IStorageWorkload? before = workloads.Length > 1 ? workloads[0].Create() : null;
        switch (plan.Mode)
        {
            case StorageMode.CrashPoints:
                WorkloadPlan idle = workloads[0].WithoutOperations();
                int depthMax = Math.Min(plan.Limits.DepthMax, workloads.Length);
                new CrashExplorer(_worlds, plan.Limits with { DepthMax = depthMax }, seed).Explore(depth => (depth < workloads.Length ? workloads[depth] : idle).Create());
                break;
            case StorageMode.Failures:
                new FailureExplorer(_worlds, plan.Limits, seed).Explore(workloads[^1].Create, before);
                break;
            case StorageMode.Stops:
                new StopExplorer(_worlds, plan.Limits, seed).Explore(workloads[^1].Create, before);
                break;
            case StorageMode.Rot when workloads[^1].Create() is IRotCheck rotting:
                new RotExplorer(_worlds, plan.Limits, seed).Explore((IStorageWorkload)rotting);
                break;
            default:
                break;
        }
    }

    private IEnumerable<KeyValuePair<string, string>> Options() =>
    [
        KeyValuePair.Create("mode", plan.Mode.ToString()),
        KeyValuePair.Create("worlds-seed", seed.ToString(CultureInfo.InvariantCulture)),
        .. plan.Workloads.Select(static (workload, place) => KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"plan[{place}]"), workload.ToString())),
        .. plan.Lives.Select(static (life, place) => KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"life[{place}]"), life.ToString())),
    ];
}
