using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Inputs;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Exploration;

/// <summary>Which run of a scenario is wanted, and what is to be seen of it.</summary>
public sealed record ScenarioRequest
{
    /// <summary>Names the run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How rough the world is; one of <see cref="Profiles"/>.</summary>
    public string Profile { get; init; } = Profiles.Swarm;

    /// <summary>Answers the run's choices; seeded by <see cref="Seed"/> when null.</summary>
    public IChoiceSource? Choices { get; init; }

    /// <summary>Gets every trace event.</summary>
    public Action<TraceRecord>? TraceListener { get; init; }

    /// <summary>Gets what components are asked, as far as they tell it.</summary>
    public Action<RecordedInput>? InputListener { get; init; }

    /// <summary>Notes what the run goes through.</summary>
    public Coverage? Coverage { get; init; }

    /// <summary>Gets the history of the run's clients, line by line, when it has ended; a scenario without clients never calls it.</summary>
    public Action<string>? HistoryListener { get; init; }

    /// <summary>Whether reports of leaks show where the leaked thing was created: slow.</summary>
    public bool CaptureStacks { get; init; }

    /// <summary>Stops the run before this step.</summary>
    public long StopAtStep { get; init; } = long.MaxValue;

    /// <summary>Breaks into an attached debugger before this step.</summary>
    public long BreakAtStep { get; init; } = long.MaxValue;

    /// <summary>Gives the run up.</summary>
    public CancellationToken Abort { get; init; }

    /// <summary>The options of a world that does what is asked for; a scenario adds its own limits with a <c>with</c> expression.</summary>
    public WorldOptions ToWorldOptions() => new()
    {
        Seed = Seed,
        Choices = Choices,
        TraceListener = TraceListener,
        InputListener = InputListener,
        Coverage = Coverage,
        CaptureStacks = CaptureStacks,
        StopAtStep = StopAtStep,
        BreakAtStep = BreakAtStep,
        Abort = Abort,
    };
}
