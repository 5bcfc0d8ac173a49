using SimGraph.Runtime.Tasks;

namespace SimGraph.Tests.Conformance;

/// <summary>Runs bodies on another host, and keeps the failures that are reported instead of passing them on: here they are expected.</summary>
internal sealed class RecordingTaskHost(ITaskHost inner) : ITaskHost
{
    private readonly object _gate = new();
    private readonly List<(string Task, Exception Exception)> _failures = [];

    public TimeProvider Clock => inner.Clock;

    internal bool Refuses { get; set; }

    internal IReadOnlyList<(string Task, Exception Exception)> Failures
    {
        get
        {
            lock (_gate)
            {
                return [.. _failures];
            }
        }
    }

    public Task StartAsync(ScopedTask task, Func<Task> body) =>
        Refuses ? throw new InvalidOperationException("the host refuses") : inner.StartAsync(task, body);

    public void ReportFailure(ScopedTask task, Exception exception)
    {
        lock (_gate)
        {
            _failures.Add((task.Path, exception));
        }
    }
}
