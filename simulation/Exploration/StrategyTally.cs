using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Strategies;

namespace SimGraph.Simulation.Exploration;

/// <summary>The counting of one strategy of a campaign.</summary>
internal sealed class StrategyTally(IStrategy strategy)
{
    private readonly List<StrategyFinding> _findings = [];
    private long _runs;
    private long _steps;
    private ulong _hash;

    public IStrategy Strategy => strategy;

    public void Count(RunResult? result)
    {
        _runs++;
        _steps += result?.Steps ?? 0;
        _hash = StableHash.Combine(_hash, result?.Hash ?? 0);
    }

    /// <summary>True if it is the first of its class and name.</summary>
    public bool CountViolation(Violation violation, ulong seed)
    {
        int known = IndexOf(violation);
        if (known >= 0)
        {
            _findings[known] = _findings[known] with { Runs = _findings[known].Runs + 1 };
            return false;
        }

        _findings.Add(new StrategyFinding(violation, seed, _runs, Runs: 1, ArtifactPath: null, ArtifactProblem: null));
        return true;
    }

    public void KeepArtifact(Violation violation, string? path, string? problem)
    {
        int known = IndexOf(violation);
        _findings[known] = _findings[known] with { ArtifactPath = path, ArtifactProblem = problem };
    }

    public StrategyReport Report() => new()
    {
        Name = strategy.Name,
        Runs = _runs,
        Steps = _steps,
        Exhausted = strategy.IsExhausted,
        CameToBound = strategy.CameToBound,
        Findings = [.. _findings],
        Hash = _hash,
    };

    private int IndexOf(Violation violation) => _findings.FindIndex(finding => finding.First.Class == violation.Class && finding.First.Name == violation.Name);
}
