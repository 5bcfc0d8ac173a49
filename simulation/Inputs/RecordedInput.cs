using SimGraph.Runtime.Probes;

namespace SimGraph.Simulation.Inputs;

/// <summary>One call of a component.</summary>
public sealed record RecordedInput
{
    /// <summary>The machine of the component.</summary>
    public required string Machine { get; init; }

    /// <summary>What kind of component it is.</summary>
    public required string Component { get; init; }

    /// <summary>Which one of several of its machine.</summary>
    public required string Name { get; init; }

    /// <summary>Numbers the lives of all components of the machine, from 1: each time that one is opened another begins.</summary>
    public required int Life { get; init; }

    /// <summary>The task that called, with a number, as several tasks may have one name.</summary>
    public required string Caller { get; init; }

    /// <summary>Step of the run.</summary>
    public required long Step { get; init; }

    /// <summary>Virtual time since the run began.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>What the component was asked.</summary>
    public required string Call { get; init; }

    /// <summary>Sizes, indexes and counts.</summary>
    public required IReadOnlyList<InputArgument> Arguments { get; init; }

    /// <summary>Ends with the call; null if it has ended. Look at it, and never wait for it.</summary>
    public Task? Answer { get; init; }
}
