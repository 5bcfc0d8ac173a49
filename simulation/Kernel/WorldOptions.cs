using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Inputs;
using SimGraph.Simulation.Network;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Kernel;

/// <summary>What one run is made from, besides its scenario.</summary>
public sealed record WorldOptions
{
    /// <summary>Names the run; with the default choices it determines it.</summary>
    public ulong Seed { get; init; }

    /// <summary>Answers the run's choices; seeded by <see cref="Seed"/> when null.</summary>
    public IChoiceSource? Choices { get; init; }

    /// <summary>Most steps of the run. Default 50 million.</summary>
    public long StepsMax { get; init; } = 50_000_000;

    /// <summary>Most virtual time of the run. Default 24 hours.</summary>
    public TimeSpan VirtualTimeMax { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether chance points in the code (<c>Buggify</c>) fire. Default true.</summary>
    public bool ChancePoints { get; init; } = true;

    /// <summary>Whether the ledger keeps the stack that created each entry: slow, for reports.</summary>
    public bool CaptureStacks { get; init; }

    /// <summary>Gets every trace event; text is formatted only when there is one.</summary>
    public Action<TraceRecord>? TraceListener { get; init; }

    /// <summary>Gets what components are asked, as far as they tell it; no part of the outcome.</summary>
    public Action<RecordedInput>? InputListener { get; init; }

    /// <summary>Notes what the run goes through; no part of the outcome.</summary>
    public Coverage? Coverage { get; init; }

    /// <summary>Stops the run, without a violation, before this step. For looking at a state; default none.</summary>
    public long StopAtStep { get; init; } = long.MaxValue;

    /// <summary>How the network behaves.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>Breaks into an attached debugger before this step, and goes on. Default none.</summary>
    public long BreakAtStep { get; init; } = long.MaxValue;

    /// <summary>Gives the run up, without a violation: it then counts as stopped. Looked at every thousand steps, and no part of the outcome.</summary>
    public CancellationToken Abort { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(StepsMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(VirtualTimeMax, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(StopAtStep, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BreakAtStep, 0);
    }
}
