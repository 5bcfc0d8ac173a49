namespace SimGraph.Simulation.Kernel;

/// <summary>The context while a timed event fires, where no task runs. A continuation that is queued here belongs to work that no task owns.</summary>
internal sealed class EventContext(World world) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => world.ReportUnowned("an await inside a timer callback or event");

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("an event cannot be entered from outside");

    public override SynchronizationContext CreateCopy() => this;
}
