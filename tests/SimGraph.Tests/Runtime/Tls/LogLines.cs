using Microsoft.Extensions.Logging;
using Xunit;

namespace SimGraph.Tests.Runtime.Tls;

/// <summary>Remembers what is logged, and lets a test wait for it.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    // How long a test that has failed already may take.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly object _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Part, TaskCompletionSource<string> Found)> _waiting = [];

    public Task<string> WhenAsync(string part)
    {
        lock (_gate)
        {
            if (_lines.Find(line => line.Contains(part, StringComparison.Ordinal)) is { } found)
            {
                return Task.FromResult(found);
            }

            var waiting = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((part, waiting));
            return WaitAsync(waiting.Task, part);
        }
    }

    private async Task<string> WaitAsync(Task<string> found, string part)
    {
        try
        {
            return await found.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            lock (_gate)
            {
                throw new InvalidOperationException($"'{part}' is not in the log: {string.Join(" | ", _lines)}");
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string line = formatter(state, exception);
        lock (_gate)
        {
            _lines.Add(line);
            foreach ((_, TaskCompletionSource<string> found) in _waiting.Where(waiting => line.Contains(waiting.Part, StringComparison.Ordinal)))
            {
                found.TrySetResult(line);
            }
        }
    }
}
