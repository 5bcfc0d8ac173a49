using SimGraph.Runtime.Tasks;

namespace SimGraph.Properties.Primitives;

/// <summary>Runs tasks where they ran before, keeps what is reported, and refuses to start a task when it is asked to.</summary>
internal sealed class RecordingHost(ITaskHost host) : ITaskHost
{
    private readonly List<(string Path, Exception Failure)> _reports = [];

    /// <inheritdoc/>
    public TimeProvider Clock => host.Clock;

    /// <summary>Failures that were reported, and of what.</summary>
    public IReadOnlyList<(string Path, Exception Failure)> Reports => _reports;

    /// <summary>Whether the next task is not started.</summary>
    public PlannedException? RefusesNext { get; set; }

    /// <inheritdoc/>
    public Task StartAsync(ScopedTask task, Func<Task> body)
    {
        if (RefusesNext is { } refusal)
        {
            RefusesNext = null;
            throw refusal;
        }

        return host.StartAsync(task, body);
    }

    /// <inheritdoc/>
    public void ReportFailure(ScopedTask task, Exception exception) => _reports.Add((task.Path, exception));
}
