// PCT: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010, section 3. Each task gets a
// random priority; the ready task of the highest one runs; d-1 change points are drawn over k steps, and the task that would run at the i-th of them falls to
// priority i, below all initial ones. A bug of depth d is found with probability at least 1/(n k^(d-1)), for n tasks and k steps.
//
// Tasks appear while the run goes on, so a priority is drawn when a task is first seen instead of dealt as a permutation. Several ready continuations of one
// task run oldest first.

using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Strategies;

/// <summary>Probabilistic concurrency testing: random priorities for tasks, lowered at random steps.</summary>
public sealed class PriorityChangePoints : ScheduleStrategy
{
    private const uint PriorityBound = 1u << 31;
    private const uint DepthMost = 64;

    private readonly long[] _changePoints;
    private readonly List<uint?> _priorities = [];
    private readonly List<(long Step, int Task)> _changes = [];

    /// <param name="below">Answers all other choices.</param>
    /// <param name="depth">The depth of bugs that are looked for: d-1 change points.</param>
    /// <param name="stepsExpected">The number of steps over which the change points are drawn; 0 draws none.</param>
    public PriorityChangePoints(IChoiceSource below, int depth, long stepsExpected)
        : base(below, "pct")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, (int)DepthMost);
        _changePoints = StepsDrawn.Draw(Draw, depth - 1, stepsExpected);
    }

    /// <summary>Steps, counted from 0, at which the task that would run is lowered; in the order of the priorities that they give.</summary>
    public IReadOnlyList<long> ChangePoints => _changePoints;

    /// <summary>The steps at which a task was lowered, and which.</summary>
    public IReadOnlyList<(long Step, int Task)> Changes => _changes;

    /// <inheritdoc/>
    protected override int PickAt(long step, ReadyList ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        int best = Highest(ready);
        for (int i = 0; i < _changePoints.Length; i++)
        {
            if (_changePoints[i] == step)
            {
                int task = ready.TaskAt(best);
                _priorities[task] = (uint)i;
                _changes.Add((step, task));
                best = Highest(ready);
            }
        }

        return best;
    }

    private int Highest(ReadyList ready)
    {
        int best = 0;
        uint bestPriority = PriorityOf(ready.TaskAt(0));
        for (int i = 1; i < ready.Count; i++)
        {
            uint priority = PriorityOf(ready.TaskAt(i));
            if (priority > bestPriority)
            {
                best = i;
                bestPriority = priority;
            }
        }

        return best;
    }

    private uint PriorityOf(int task)
    {
        while (_priorities.Count <= task)
        {
            _priorities.Add(null);
        }

        return _priorities[task] ??= DepthMost + Draw(PriorityBound);
    }
}
