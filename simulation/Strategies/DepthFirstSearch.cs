// Exhaustive search over the decisions of the schedule (Godefroid, "Model Checking for Programming Languages using VeriSoft", POPL 1997: stateless search): a run
// repeats the path of the last one up to its deepest decision that has an alternative left, takes that, and goes on with first alternatives. No reduction: schedules that
// differ only in the order of independent steps are all run, so it is for tiny configurations. All other choices are those of the first seed.

using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Strategies;

/// <summary>Bounded depth-first search.</summary>
public sealed class DepthFirstSearch : IStrategy
{
    private readonly int _decisionsMax;
    private readonly List<(int Picked, int Ready)> _path = [];
    private DepthFirst? _running;
    private ulong? _seed;

    /// <param name="decisionsMax">Decisions of a run, counted from its beginning, whose alternatives are tried; at those behind them the oldest continuation runs.</param>
    public DepthFirstSearch(int decisionsMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(decisionsMax, 1);
        _decisionsMax = decisionsMax;
    }

    /// <inheritdoc/>
    public string Name => StrategyCatalog.DepthFirst;

    /// <inheritdoc/>
    public bool IsExhausted { get; private set; }

    /// <inheritdoc/>
    public bool CameToBound { get; private set; }

    /// <inheritdoc/>
    public IChoiceSource Begin(ulong seed)
    {
        _seed ??= seed;
        return _running = new DepthFirst(new SeededChoices(_seed.Value), _path, _decisionsMax);
    }

    /// <inheritdoc/>
    public Violation? End()
    {
        DepthFirst run = _running!;
        CameToBound |= run.CameToBound;
        if (run.Diverged || run.Decisions < _path.Count)
        {
            IsExhausted = true;
            return new Violation(
                ViolationClass.Nondeterminism,
                "nondeterminism.search-diverged",
                "a run that repeated the picks of the one before it was offered other continuations: it is not a function of its choices, and cannot be searched",
                run.Steps,
                TimeSpan.Zero);
        }

        while (_path.Count > 0 && _path[^1].Picked + 1 == _path[^1].Ready)
        {
            _path.RemoveAt(_path.Count - 1);
        }

        if (_path.Count == 0)
        {
            IsExhausted = true;
            return null;
        }

        (int picked, int ready) = _path[^1];
        _path[^1] = (picked + 1, ready);
        return null;
    }
}
