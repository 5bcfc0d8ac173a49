// One connection under TLS, with the promises of the seam. A cancelled read loses nothing: what was asked of the stream goes on, and the next read takes it. A half-close is TLS's own close_notify,
// then that of the connection below. An abort is that of the connection below: the other end sees a reset.

using System.Net.Security;
using SimGraph.Runtime.Network;

namespace SimGraph.Runtime.Production.Tls;

/// <summary>A connection whose handshake is done. Owns both.</summary>
internal sealed class TlsConnection(IConnection inner, SslStream stream) : IConnection
{
    // The largest record of TLS: a read takes one at most.
    private const int RecordBytesMax = 16 * 1024;

    // What it takes to send an alert when the kernel's buffer is not full. When it is, the other side does without.
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromMilliseconds(100);

    private readonly byte[] _received = new byte[RecordBytesMax];
    private readonly object _gate = new();
    private int _start;
    private int _end;
    private Task<int>? _reading;
    private Task? _farewell;
    private bool _isWriting;
    private bool _writesCompleted;
    private int _closed;

    /// <inheritdoc/>
    public NetworkAddress LocalAddress => inner.LocalAddress;

    /// <inheritdoc/>
    public NetworkAddress RemoteAddress => inner.RemoteAddress;

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.IsEmpty)
        {
            throw new ArgumentException("a read of no bytes cannot tell data from the end of the stream", nameof(buffer));
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_start == _end && await FillAsync(cancellationToken) == 0)
        {
            return 0;
        }

        int count = Math.Min(buffer.Length, _end - _start);
        _received.AsMemory(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_writesCompleted)
            {
                throw new NetworkException(NetworkError.Aborted, $"write to {RemoteAddress}: the writes of this end are completed");
            }

            _isWriting = true;
        }

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Volatile.Read(ref _closed) != 0)
            {
                throw ClosedHere("write to", cause: null);
            }

            if (!buffer.IsEmpty)
            {
                await stream.WriteAsync(buffer, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            Abort();
            throw;
        }
        catch (Exception failure) when (IsOfConnection(failure))
        {
            throw Failed("write to", failure);
        }
        finally
        {
            lock (_gate)
            {
                _isWriting = false;
            }
        }
    }

    /// <inheritdoc/>
    public void CompleteWrites()
    {
        lock (_gate)
        {
            if (_writesCompleted)
            {
                return;
            }

            _writesCompleted = true;
            _farewell = SayFarewellAsync();
        }
    }

    /// <inheritdoc/>
    public void Abort()
    {
        Interlocked.Exchange(ref _closed, 1);
        inner.Abort();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            if (HasUnread)
            {
                // As the kernel does it: the other side must not believe that it was heard.
                inner.Abort();
            }
            else
            {
                CompleteIfIdle();
                await EndOfAsync(_farewell, FarewellLimit);
            }
        }

        await inner.DisposeAsync();

        // Nothing waits below any more.
        await EndOfAsync(_farewell, Timeout.InfiniteTimeSpan);
        await EndOfAsync(_reading, Timeout.InfiniteTimeSpan);
        bool isWriting;
        lock (_gate)
        {
            isWriting = _isWriting;
        }

        if (!isWriting)
        {
            await stream.DisposeAsync();
        }
    }

    private bool HasUnread => _end > _start || _reading is { IsCompletedSuccessfully: true, Result: > 0 };

    private async Task<int> FillAsync(CancellationToken cancellationToken)
    {
        Task<int> reading = _reading ??= ReadRecordAsync();
        try
        {
            int count = await reading.WaitAsync(cancellationToken);
            (_start, _end, _reading) = (0, count, null);
            return count;
        }
        catch (Exception failure) when (IsOfConnection(failure))
        {
            throw Failed("read from", failure);
        }
    }

    // A stream that is disposed refuses at once instead of by its task.
    private async Task<int> ReadRecordAsync() => await stream.ReadAsync(_received, CancellationToken.None);

    private void CompleteIfIdle()
    {
        lock (_gate)
        {
            if (_isWriting || _writesCompleted)
            {
                return;
            }

            _writesCompleted = true;
            _farewell = SayFarewellAsync();
        }
    }

    private async Task SayFarewellAsync()
    {
        try
        {
            await stream.ShutdownAsync();
        }
        catch (Exception failure) when (IsOfConnection(failure))
        {
            // Reset or closed already: the next read says so.
        }

        inner.CompleteWrites();
    }

    private static async Task EndOfAsync(Task? task, TimeSpan limit)
    {
        if (task is null)
        {
            return;
        }

        try
        {
            await task.WaitAsync(limit);
        }
        catch (Exception failure) when (failure is TimeoutException || IsOfConnection(failure))
        {
            // It was told to whoever began it, or nobody waits for it any more.
        }
    }

    private static bool IsOfConnection(Exception exception) => exception is IOException or ObjectDisposedException or InvalidOperationException;

    private NetworkException Failed(string action, Exception cause) =>
        Volatile.Read(ref _closed) != 0 ? ClosedHere(action, cause)
        : cause as NetworkException ?? new NetworkException(NetworkError.Reset, $"{action} {RemoteAddress}: {cause.Message}", cause);

    private NetworkException ClosedHere(string action, Exception? cause) =>
        new(NetworkError.Aborted, $"{action} {RemoteAddress}: the connection was closed by this end", cause);
}
