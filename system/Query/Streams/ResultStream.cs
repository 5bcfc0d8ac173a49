// Results on their way from a task that finds them to whoever reads them: bounded, so that a slow reader slows the producer down.
//
// A stream owns its producer. Disposing it, read to the end or not, cancels the producer and waits for it; a producer that reads another stream disposes that one before
// it ends (Stages). So when the disposal of the last stage has returned, every stage before it has ended, the first one first.
//
// The end is one of three, decided by the producer's task before it closes the mailbox: complete (it returned), failed (its exception is thrown at the reader, behind the results
// before it), cancelled. Only the first one reads as an end; whoever was cancelled never takes a part for the whole.

using System.Runtime.ExceptionServices;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Query;

/// <summary>A stream of results. One reader at a time; dispose it, always.</summary>
public sealed class ResultStream<T> : IAsyncDisposable
{
    private readonly Mailbox<T> _items;
    private readonly TaskScope _scope;
    private ExceptionDispatchInfo? _failure;
    private OperationCanceledException? _cancellation;
    private int _disposed;

    internal ResultStream(TaskScope owner, string name, StreamOptions options)
    {
        Owner = owner;
        Options = options;
        _items = new Mailbox<T>(options.Capacity);
        _scope = owner.CreateChild(name);
    }

    /// <summary>Where the stages behind this one are started.</summary>
    internal TaskScope Owner { get; }

    internal StreamOptions Options { get; }

    private bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>Takes the next result if it is there.</summary>
    /// <exception cref="ObjectDisposedException">The stream was disposed.</exception>
    public bool TryRead(out T item)
    {
        ThrowIfDisposed();
        return _items.TryReceive(out item);
    }

    /// <summary>Waits until a result can be taken (true), or all have been and there are no more (false).</summary>
    /// <exception cref="OperationCanceledException">
    /// The token, the stream or its owner was cancelled, so there may be more results. A stream whose reader gave up by its token can be read on.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The stream was disposed before the call.</exception>
    public async ValueTask<bool> WaitToReadAsync(CancellationToken cancellation)
    {
        ThrowIfDisposed();
        bool ready = await _items.WaitToReceiveAsync(cancellation);
        if (IsDisposed)
        {
            throw new OperationCanceledException($"the stream '{_scope.Path}' was disposed while it was read");
        }

        if (ready)
        {
            return true;
        }

        _failure?.Throw();
        return _cancellation is null
            ? false
            : throw new OperationCanceledException(
                $"the stream '{_scope.Path}' was cancelled before its end", _cancellation, _cancellation.CancellationToken);
    }

    /// <summary>Ends the producer, and every stage before it, and waits for that. What was not read is dropped. Idempotent, safe against a reader.</summary>
    /// <exception cref="StopTimeoutException">A producer did not end within <see cref="StreamOptions.StopLimit"/>; a later call waits again.</exception>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _disposed, 1);
        await _scope.StopAsync(Options.StopLimit);
    }

    /// <summary>Ends it for a stage behind it, whose own reader decides how long it waits.</summary>
    internal async Task EndAsync()
    {
        Volatile.Write(ref _disposed, 1);
        await _scope.StopAsync(TimeSpan.FromDays(1));
    }

    internal void Begin(Func<ResultWriter<T>, CancellationToken, Task> producer) =>
        _scope.Run("produce", stopping => ProduceAsync(producer, stopping));

    private async Task ProduceAsync(Func<ResultWriter<T>, CancellationToken, Task> producer, CancellationToken stopping)
    {
        try
        {
            await producer(new ResultWriter<T>(_items), stopping);

            // It may have returned because it was told to.
            stopping.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException exception)
        {
            _cancellation = exception;
        }
#pragma warning disable CA1031 // Thrown at the reader.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
        finally
        {
            _items.Close();
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(IsDisposed, this);
}
