using SimGraph.Coyote.Tests.Engine;
using SimGraph.Coyote.Tests.Zoom.Inbox;
using SimGraph.Coyote.Tests.Zoom.Log;
using SimGraph.Soak.FineLane.Zoom;

namespace SimGraph.Coyote.Tests.Zoom;

/// <summary>What a component was asked between one opening and the next.</summary>
internal sealed record ZoomLife(ZoomFile File, ZoomCall Open, IReadOnlyList<ZoomCall> Calls)
{
    // Twenty steps for a call are usual; that of a log whose queue is short may take some hundred.
    private const uint StepsPerCall = 1_000;
    private const uint StepsMin = 40_000;

    /// <summary>Names the scenario.</summary>
    internal string Name => $"zoom {File.Head.Scenario} {File.Head.Profile} {File.Head.Seed} {File.Head.Machine} {File.Head.Component} life {Open.Life}";

    /// <summary>How long its schedules may be.</summary>
    internal FineLaneLimits Limits
    {
        get
        {
            uint steps = StepsMin + (StepsPerCall * (uint)Calls.Count);
            return new FineLaneLimits { UnfairSteps = steps / 10, Steps = steps, PromiseSteps = steps / 2 };
        }
    }

    /// <summary>Makes the calls, once for each schedule.</summary>
    /// <exception cref="FormatException">A call is one that nobody can make.</exception>
    internal Func<Task> Scenario => File.Head.Component switch
    {
        "wal" => new LogZoom(this, RealLog.OpenAsync).RunAsync,
        _ => new InboxZoom(this, static capacity => new RealInbox(capacity)).RunAsync,
    };

    /// <summary>The lives in a file.</summary>
    internal static IEnumerable<ZoomLife> Of(ZoomFile file) =>
        file.Calls.GroupBy(static call => call.Life).Select(life => new ZoomLife(file, life.First(), [.. life.Skip(1)]));
}
