using Microsoft.Coyote.Specifications;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Coyote.Tests.Engine;

/// <summary>Runs bodies as tasks that Coyote controls. A task that fails fails the schedule, unless the scenario expects it.</summary>
internal sealed class FineLaneTaskHost(TimeProvider clock, bool failuresExpected = false) : ITaskHost
{
    private int _failures;

    public TimeProvider Clock => clock;

    internal int Failures => Volatile.Read(ref _failures);

    public Task StartAsync(ScopedTask task, Func<Task> body) => Task.Run(body);

    public void ReportFailure(ScopedTask task, Exception exception)
    {
        Interlocked.Increment(ref _failures);
        Specification.Assert(failuresExpected, "{0} failed: {1}", task, exception);
    }
}
