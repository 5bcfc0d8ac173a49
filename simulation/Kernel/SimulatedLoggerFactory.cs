using Microsoft.Extensions.Logging;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Kernel;

/// <summary>Loggers that write into the trace while it is being recorded, and cost a check otherwise. Log text is not part of the hash.</summary>
internal sealed class SimulatedLoggerFactory(Incarnation process) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Logger(process, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("a simulated process logs into its trace only");

    public void Dispose()
    {
    }

    private sealed class Logger(Incarnation process, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => process.IsAlive && (process.World.Trace.IsRecording || process.World.Options.Coverage is not null);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            process.World.Options.Coverage?.Visit(process.Machine.Index, CoveragePlace.LogMessage, eventId.Id);
            if (process.World.Trace.IsRecording)
            {
                string text = formatter(state, exception);
                process.World.Trace.Note(process.Machine, category, exception is null ? text : $"{text}: {exception.Message}");
            }
        }
    }
}
