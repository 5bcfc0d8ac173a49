// A fixed order of priorities starves a task for as long as a higher one is ready, so a run that waits for the starved one by looking again and again never
// ends. After a prefix that is as long as the run was expected to be, a random walk is fair with probability one.

using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Strategies;

/// <summary>PCT for a prefix of the run, then a random walk.</summary>
public sealed class FairPriorityChangePoints(IChoiceSource below, int depth, long stepsExpected) : ScheduleStrategy(below, "fair-pct")
{
    /// <summary>The prefix when no run was seen yet.</summary>
    private const long FirstPrefix = 1_000;

    private readonly PriorityChangePoints _prefix = new(below, depth, stepsExpected);
    private readonly long _prefixSteps = stepsExpected > 0 ? stepsExpected : FirstPrefix;
    private readonly RandomWalk _rest = new(below);

    /// <summary>How long it is PCT.</summary>
    public long PrefixSteps => _prefixSteps;

    /// <inheritdoc/>
    protected override int PickAt(long step, ReadyList ready) => step < _prefixSteps ? _prefix.PickNext(ready) : _rest.PickNext(ready);
}
