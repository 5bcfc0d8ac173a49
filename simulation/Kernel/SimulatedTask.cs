// One task of a simulated machine, and the SynchronizationContext of everything it awaits. Every await inside its body captures this object, so the
// owner of each continuation is known by construction, and wake-ups between tasks always pass through the scheduler.

using SimGraph.Simulation.Choices;

namespace SimGraph.Simulation.Kernel;

/// <summary>A task on the simulator's scheduler.</summary>
public sealed class SimulatedTask : SynchronizationContext
{
    internal SimulatedTask(Incarnation incarnation, string path, ulong instance, CancellationToken stopping)
    {
        Stopping = stopping;
        Incarnation = incarnation;
        Path = path;
        Number = incarnation.World.Scheduler.NextTaskNumber();
        ScheduleKey = StableHash.Combine(StableHash.Of(path), instance);
    }

    /// <summary>The scope path that it was started with.</summary>
    public string Path { get; }

    /// <summary>The process it runs in.</summary>
    public Incarnation Incarnation { get; }

    /// <summary>Cancelled when it is told to stop.</summary>
    internal CancellationToken Stopping { get; }

    /// <summary>How many tasks the world had before: small, and equal in equal runs.</summary>
    internal int Number { get; }

    internal ulong ScheduleKey { get; }

    internal uint ContinuationCount { get; set; }

    /// <summary>True once the body has ended. A continuation that arrives later belongs to work that nobody owns.</summary>
    internal bool HasEnded { get; set; }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) => Incarnation.World.Scheduler.Post(this, d, state);

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("a simulated task cannot be entered synchronously from outside");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;
}
