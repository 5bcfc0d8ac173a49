// The way back to one client connection. The event loop answers; a task of the connection writes. A client that sends without reading its answers
// is cut off at the bound of its outbox; one that asks faster than it is answered is not read from.
//
// A link that is retired, because of its connection's age or silence, takes no more requests and says so; once those that it took are answered, it completes the writes, and the client closes.

using SimGraph.Replication.Wire;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Peers;

/// <summary>Answers the requests of one client connection. Thread-safe.</summary>
internal sealed class ClientLink
{
    private readonly object _gate = new();
    private readonly IConnection _connection;
    private readonly TimeProvider _clock;
    private readonly Outbox _outbox;
    private readonly AsyncSignal _slotFree = new();
    private readonly int _responseBytesMax;
    private readonly int _slots;
    private int _freeSlots;
    private bool _retired;
    private long _retiredAt;
    private long _writeStarted;

    /// <param name="connection">The accepted connection.</param>
    /// <param name="clock">For the watch.</param>
    /// <param name="pipelinedMax">Requests that may wait for answers.</param>
    /// <param name="framePayloadMax">Largest answer.</param>
    public ClientLink(IConnection connection, TimeProvider clock, int pipelinedMax, int framePayloadMax)
    {
        _connection = connection;
        _clock = clock;
        _slots = pipelinedMax;
        _freeSlots = pipelinedMax;
        _responseBytesMax = framePayloadMax - ClientResponse.HeaderLength;
        _outbox = new Outbox(2 * framePayloadMax);
    }

    /// <summary>Waits until one more request may be taken. False when the link is retired: it takes no more.</summary>
    public async ValueTask<bool> AcquireSlotAsync(CancellationToken cancellationToken)
    {
        bool isRetired;
        while (!TryAcquireSlot(out isRetired) && !isRetired)
        {
            await _slotFree.WaitAsync(cancellationToken);
        }

        return !isRetired;
    }

    /// <summary>Takes no more requests. False when that is so already.</summary>
    public bool TryRetire()
    {
        bool isIdle;
        lock (_gate)
        {
            if (_retired)
            {
                return false;
            }

            _retired = true;
            isIdle = _freeSlots == _slots;
        }

        Volatile.Write(ref _retiredAt, _clock.GetTimestamp() + 1);
        if (isIdle)
        {
            Close();
        }

        _slotFree.Set();
        return true;
    }

    /// <summary>Tells the client that a request was not taken, if it can still be told.</summary>
    public void Refuse(ulong requestId, ReadOnlyMemory<byte> reason) => _outbox.TryAdd(new ClientResponse(requestId, ResponseStatus.Stopping, reason));

    /// <summary>Answers one request. Never fails: an answer that cannot be queued costs the connection.</summary>
    public void Reply(ulong requestId, ResponseStatus status, ReadOnlyMemory<byte> body)
    {
        if (body.Length > _responseBytesMax)
        {
            status = ResponseStatus.Invalid;
            body = "the answer is larger than a frame: ask for less"u8.ToArray();
        }

        if (!_outbox.TryAdd(new ClientResponse(requestId, status, body)) && !_outbox.IsClosed)
        {
            _connection.Abort();
        }

        bool isDone;
        lock (_gate)
        {
            _freeSlots++;
            isDone = _retired && _freeSlots == _slots;
        }

        _slotFree.Set();
        if (isDone)
        {
            Close();
        }
    }

    /// <summary>Lets the writer end once everything is sent.</summary>
    public void Close() => _outbox.Close();

    /// <summary>Sends answers until closed. Ends, with the connection aborted, when that fails.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (_outbox.Take() is { } frames)
                {
                    Volatile.Write(ref _writeStarted, _clock.GetTimestamp() + 1);
                    await _connection.WriteAsync(frames.Written, cancellationToken);
                    Volatile.Write(ref _writeStarted, 0);
                }
                else if (_outbox.IsClosed)
                {
                    _connection.CompleteWrites();
                    return;
                }
                else
                {
                    await _outbox.WaitAsync(cancellationToken);
                }
            }
        }
        catch (Exception exception) when (ConnectionFailure.IsExpected(exception))
        {
            // The client is gone; its reader ends with the connection.
            _connection.Abort();
        }
    }

    /// <summary>Aborts the connection if a write, or its end after it was retired, takes longer than the limit for it.</summary>
    public void AbortIfStalled(TimeSpan writeLimit, TimeSpan renewalLimit)
    {
        if (IsOlder(Volatile.Read(ref _writeStarted), writeLimit) || IsOlder(Volatile.Read(ref _retiredAt), renewalLimit))
        {
            _connection.Abort();
        }
    }

    private bool IsOlder(long since, TimeSpan limit) => since != 0 && _clock.GetElapsedTime(since) > limit;

    private bool TryAcquireSlot(out bool isRetired)
    {
        lock (_gate)
        {
            isRetired = _retired;
            if (_retired || _freeSlots == 0)
            {
                return false;
            }

            _freeSlots--;
            return true;
        }
    }
}
