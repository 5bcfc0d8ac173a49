// A strategy decides about the schedule only: every other choice of the run (latencies, faults, options) is that of the source below it, so two strategies with one
// seed meet the same world. What a strategy draws for itself comes from the same source, under a site of its own; it is no part of the recording, which holds the
// picks, and so replays without the strategy.

using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Strategies;

/// <summary>A source of choices that picks the next continuation by a strategy. Serves one run.</summary>
public abstract class ScheduleStrategy : IChoiceSource
{
    private readonly IChoiceSource _below;
    private readonly ChoiceSite _site;
    private ulong _drawn;

    /// <param name="below">Answers all other choices, and what the strategy draws.</param>
    /// <param name="name">Of the strategy.</param>
    protected ScheduleStrategy(IChoiceSource below, string name)
    {
        ArgumentNullException.ThrowIfNull(below);
        ArgumentException.ThrowIfNullOrEmpty(name);
        _below = below;
        _site = new ChoiceSite($"strategy.{name}", index: 0);
    }

    /// <inheritdoc/>
    public bool Picks => true;

    /// <summary>Picks so far: the length of the schedule.</summary>
    public long Steps { get; private set; }

    /// <summary>Picks among two or more so far.</summary>
    public long Decisions { get; private set; }

    /// <inheritdoc/>
    public uint Next(ChoiceSite site, int machine, ulong ordinal, uint bound) => _below.Next(site, machine, ordinal, bound);

    /// <inheritdoc/>
    public uint Pick(ChoiceSite site, ulong ordinal, ReadyList ready) => (uint)PickNext(ready);

    /// <summary>The position of the continuation that runs next.</summary>
    internal int PickNext(ReadyList ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        int position = PickAt(Steps, ready);
        Steps++;
        Decisions += ready.Count > 1 ? 1 : 0;
        return position;
    }

    /// <summary>The position of the continuation that runs at this step, counted from 0. Called at every step.</summary>
    protected abstract int PickAt(long step, ReadyList ready);

    /// <summary>A number in [0, <paramref name="bound"/>) for the strategy itself.</summary>
    protected uint Draw(uint bound) => _below.Next(_site, machine: 0, _drawn++, bound);
}
