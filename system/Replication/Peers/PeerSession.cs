using SimGraph.Replication.Node;
using SimGraph.Replication.Wire;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Peers;

/// <summary>One connection to a peer, and what tells whether it is alive. The sender writes; the reader task and the watch only look and abort.</summary>
internal sealed class PeerSession(DialledConnection dialled, TimeProvider clock, Outbox outbox, TimeSpan ageLimit)
{
    private long _writeStarted;
    private long _pingSent;
    private long _lastPing = clock.GetTimestamp();
    private readonly object _gate = new();
    private SnapshotResume? _resume;
    private long _resumeAsked;
    private readonly long _opened = clock.GetTimestamp();
    private readonly EndSignal _ended = new();
    private long _lastWrite = clock.GetTimestamp();
    private volatile bool _broken;
    private volatile bool _retired;
    private volatile bool _stalled;

    /// <summary>True once the connection is known to be of no use.</summary>
    public bool IsBroken => _broken;

    /// <summary>True once it is to be ended between two frames.</summary>
    public bool IsRetired => _retired;

    /// <summary>The connection.</summary>
    public IConnection Connection => dialled.Connection;

    /// <summary>Writes, visibly to the watch.</summary>
    public async Task WriteAsync(FrameWriter frames, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _writeStarted, Now());
        await Connection.WriteAsync(frames.Written, cancellationToken);
        Volatile.Write(ref _writeStarted, 0);
        Volatile.Write(ref _lastWrite, clock.GetTimestamp());
    }

    /// <summary>Adds a ping to the frames if the last one is answered and long ago.</summary>
    public void AddPing(FrameWriter frames, TimeSpan interval)
    {
        if (Volatile.Read(ref _pingSent) == 0 && clock.GetElapsedTime(_lastPing) >= interval)
        {
            _lastPing = clock.GetTimestamp();
            Volatile.Write(ref _pingSent, Now());
            frames.Write(new EmptyPayload(FrameKind.Ping));
        }
    }

    /// <summary>A snapshot header was written: the watch expects the answer to it.</summary>
    public void ExpectResume() => Volatile.Write(ref _resumeAsked, Now());

    /// <summary>Takes the answer to a snapshot header if it has come.</summary>
    public SnapshotResume? TakeResume()
    {
        lock (_gate)
        {
            SnapshotResume? resume = _resume;
            _resume = null;
            return resume;
        }
    }

    /// <summary>Reads until the connection ends: only pongs and answers to snapshot headers may come. It notices a peer that is gone before the next message is lost on it.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await dialled.Reader.FillAsync(cancellationToken))
            {
                while (dialled.Reader.TryRead(out FrameKind kind, out ReadOnlyMemory<byte> payload))
                {
                    Take(kind, payload.Span);
                }
            }
        }
        catch (Exception exception) when (ConnectionFailure.IsExpected(exception))
        {
            // The sender says so when it meets the broken session.
        }
        finally
        {
            Break();
        }
    }

    /// <summary>Retires it if it is too old, or if nothing was sent for too long.</summary>
    public void RetireIfDue(TimeSpan idleLimit)
    {
        if (!_retired && (clock.GetElapsedTime(_opened) > ageLimit || clock.GetElapsedTime(Volatile.Read(ref _lastWrite)) > idleLimit))
        {
            _retired = true;
            outbox.Wake();
        }
    }

    /// <summary>Completes the writes and waits until the other side has read them and closed; false when that takes longer than the limit.</summary>
    public async Task<bool> FinishAsync(TimeSpan limit)
    {
        Connection.CompleteWrites();
        return await _ended.WaitAsync(clock, limit) && !_stalled;
    }

    /// <summary>Aborts if a write or a pong takes longer than the limit.</summary>
    public void AbortIfStalled(TimeSpan limit)
    {
        if (IsOlder(Volatile.Read(ref _writeStarted), limit) || IsOlder(Volatile.Read(ref _pingSent), limit) || IsOlder(Volatile.Read(ref _resumeAsked), limit))
        {
            _stalled = true;
            Break();
        }
    }

    private void Take(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        if (kind == FrameKind.Pong)
        {
            Volatile.Write(ref _pingSent, 0);
        }
        else if (kind == FrameKind.SnapshotResume && Volatile.Read(ref _resumeAsked) != 0)
        {
            lock (_gate)
            {
                _resume = SnapshotResume.Decode(payload);
            }

            Volatile.Write(ref _resumeAsked, 0);
            outbox.Wake();
        }
        else
        {
            throw new ProtocolException($"{Connection.RemoteAddress} sent a frame of kind {(byte)kind}, which nobody asked for");
        }
    }

    private void Break()
    {
        _broken = true;
        Connection.Abort();
        _ended.Set();
        outbox.Wake();
    }

    // Zero means "none", so a clock that begins there is shifted by one.
    private long Now() => clock.GetTimestamp() + 1;

    private bool IsOlder(long since, TimeSpan limit) => since != 0 && clock.GetElapsedTime(since) > limit;
}
