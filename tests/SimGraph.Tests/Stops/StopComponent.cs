using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Tests.Stops;

/// <summary>One component that is started, used and stopped.</summary>
internal abstract class StopComponent
{
    /// <summary>Tasks that use it at the same time.</summary>
    public virtual int Operators => 0;

    /// <summary>What it is doing now, for <see cref="StopSubject.States"/>.</summary>
    public virtual string State => "running";

    /// <summary>Starts it; called once, or again after the stop, to be refused.</summary>
    public abstract Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Uses it once. Ends with an answer, by returning or by an exception that <see cref="IsAnswer"/> knows.</summary>
    public virtual Task OperateAsync(int who) => Task.CompletedTask;

    /// <summary>What a host does before it stops it, of which the stop promises nothing.</summary>
    public virtual Task BeforeStopAsync() => Task.CompletedTask;

    /// <summary>Stops it, in one of the ways that there are.</summary>
    public abstract Task StopAsync(int way);

    /// <summary>An exception that a call may end with while it runs, is stopped, or after what was done to it.</summary>
    public abstract bool IsAnswer(Exception exception);

    /// <summary>An exception that says that it is stopped and nothing was done.</summary>
    public abstract bool IsRefusal(Exception exception);

    /// <summary>Whether something alive is the component's and must have ended with it; the rest is what the test put beside it.</summary>
    public virtual bool Owns(LedgerEntry entry) => true;

    /// <summary>After the stop: what it was trusted with is where it belongs. Leaves nothing open.</summary>
    public virtual Task AuditAsync(IPlatform platform) => Task.CompletedTask;

    /// <summary>Ends what was put beside it.</summary>
    public virtual Task CloseAsync() => Task.CompletedTask;

    /// <summary>A failure of the disk, as it comes through.</summary>
    protected static bool IsOfDisk(Exception exception) => exception is DiskException || exception.InnerException is DiskException;
}
