using System.Runtime.InteropServices;

namespace SimGraph.Server;

/// <summary>Hears SIGINT and SIGTERM instead of being killed by them. The process ends by itself once it has stopped.</summary>
internal sealed class ProcessSignals : IDisposable
{
    private readonly TaskCompletionSource<int> _signalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly CancellationTokenRegistration _cancelled;

    /// <param name="cancellationToken">Counts as SIGINT.</param>
    public ProcessSignals(CancellationToken cancellationToken)
    {
        _interrupt = Register(PosixSignal.SIGINT, ExitCodes.Interrupted);
        _terminate = Register(PosixSignal.SIGTERM, ExitCodes.Stopped);
        _cancelled = cancellationToken.Register(() => _signalled.TrySetResult(ExitCodes.Interrupted));
    }

    /// <summary>Ends with the first signal, with the exit code that it asks for.</summary>
    public Task<int> First => _signalled.Task;

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _cancelled.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal, int exitCode) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        _signalled.TrySetResult(exitCode);
    });
}
