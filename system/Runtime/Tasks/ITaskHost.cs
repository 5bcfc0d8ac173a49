namespace SimGraph.Runtime.Tasks;

/// <summary>Where the bodies of tasks run: the thread pool in production, the scheduler of a machine in simulation. Thread-safe.</summary>
public interface ITaskHost
{
    /// <summary>The clock that bounds stops.</summary>
    TimeProvider Clock { get; }

    /// <summary>
    /// Starts <paramref name="body"/> as a task of its own, never on the caller's stack, and returns the task that ends with it.
    /// </summary>
    Task StartAsync(ScopedTask task, Func<Task> body);

    /// <summary>A task ended with an exception that its scope did not expect. Production logs it; a simulation fails the run.</summary>
    void ReportFailure(ScopedTask task, Exception exception);
}
