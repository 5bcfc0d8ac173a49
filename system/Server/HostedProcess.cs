// What every process that runs until it is told to stop has in common: it hears the signals from the beginning, a signal during the start ends the start, what it opened is closed whatever
// happens, and a failure is one line and an exit code.

using Microsoft.Extensions.Logging;

namespace SimGraph.Server;

/// <summary>Runs a component until a signal, or the component itself, ends it.</summary>
internal static class HostedProcess
{
    /// <summary>Returns the exit code.</summary>
    /// <param name="serve">Runs until the task given to it has ended, or fails.</param>
    /// <param name="cancellationToken">Counts as SIGINT.</param>
    public static async Task<int> RunAsync(Func<ILoggerFactory, Task, Task> serve, CancellationToken cancellationToken)
    {
        using ILoggerFactory logging = ServerLogging.Create();
        using var signals = new ProcessSignals(cancellationToken);
        try
        {
            await serve(logging, signals.First);
            return await signals.First;
        }
#pragma warning disable CA1031 // The last place where a failure can be told; the exit code tells it to the caller.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await Console.Error.WriteLineAsync($"simgraph-server: {exception.GetType().Name}: {exception.Message}");
            return ExitCodes.Failed;
        }
    }

    /// <summary>Waits for the start, and then for the end, but for no longer than until the signal.</summary>
    /// <param name="started">The start; its failure is thrown.</param>
    /// <param name="completion">Ends, or fails, when the component ends from within.</param>
    /// <param name="signalled">The signal.</param>
    public static async Task UntilSignalledAsync(Task started, Task completion, Task signalled)
    {
        await Task.WhenAny(started, signalled);
        if (started.IsCompleted)
        {
            await started;
            await Task.WhenAny(completion, signalled);
        }
    }

    /// <summary>Throws what ended a component from within, unless it was told to stop.</summary>
    public static async Task ThrowIfFailedAsync(Task completion, Task signalled)
    {
        if (completion.IsFaulted && !signalled.IsCompleted)
        {
            await completion;
        }
    }
}
