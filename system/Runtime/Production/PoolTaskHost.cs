using Microsoft.Extensions.Logging;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Runtime.Production;

/// <summary>Runs task bodies on the thread pool.</summary>
public sealed partial class PoolTaskHost(TimeProvider clock, ILogger logger) : ITaskHost
{
    /// <inheritdoc/>
    public TimeProvider Clock { get; } = clock;

    /// <inheritdoc/>
    public Task StartAsync(ScopedTask task, Func<Task> body) => Task.Run(body);

    /// <inheritdoc/>
    public void ReportFailure(ScopedTask task, Exception exception) => LogTaskFailed(logger, task, exception);

    [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "Task {Task} failed")]
    private static partial void LogTaskFailed(ILogger logger, ScopedTask task, Exception exception);
}
