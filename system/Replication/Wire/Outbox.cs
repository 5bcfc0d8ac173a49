// What waits to be sent on one connection: frames, already encoded, in two buffers. Writers add to one while the other is on its way, so
// everything that came in during a write goes out with the next one.
//
// Concurrency model: any task adds; one task takes, sends and waits. The buffer that was taken belongs to the taker until its next take.

using SimGraph.Runtime.Concurrency;

namespace SimGraph.Replication.Wire;

/// <summary>A bounded queue of encoded frames. Thread-safe, with one consumer.</summary>
internal sealed class Outbox
{
    private readonly object _gate = new();
    private readonly AsyncSignal _ready = new();
    private readonly int _bytesMax;
    private FrameWriter _filling = new();
    private FrameWriter _sending = new();
    private bool _closed;

    /// <param name="bytesMax">Most bytes that wait; one frame always fits into an empty outbox.</param>
    public Outbox(int bytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, 1);
        _bytesMax = bytesMax;
    }

    /// <summary>Bytes that wait, without those being sent.</summary>
    public int QueuedBytes
    {
        get
        {
            lock (_gate)
            {
                return _filling.Length;
            }
        }
    }

    /// <summary>True once <see cref="Close"/> was called.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    /// <summary>Encodes and queues one frame. False when full or closed: it was not taken.</summary>
    public bool TryAdd<TPayload>(in TPayload payload)
        where TPayload : struct, IFramePayload
    {
        bool wasEmpty;
        lock (_gate)
        {
            int queued = _filling.Length;
            wasEmpty = queued == 0;
            if (_closed || (!wasEmpty && (long)queued + payload.Length + FrameFormat.Overhead > _bytesMax))
            {
                return false;
            }

            _filling.Write(payload);
        }

        if (wasEmpty)
        {
            _ready.Set();
        }

        return true;
    }

    /// <summary>Takes everything that waits; null if nothing does.</summary>
    public FrameWriter? Take()
    {
        lock (_gate)
        {
            if (_filling.Length == 0)
            {
                return null;
            }

            _sending.Clear();
            (_filling, _sending) = (_sending, _filling);
            return _sending;
        }
    }

    /// <summary>Waits until there may be something to take, or somebody called <see cref="Wake"/> or <see cref="Close"/>.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _ready.WaitAsync(cancellationToken);

    /// <summary>Makes the consumer look around.</summary>
    public void Wake() => _ready.Set();

    /// <summary>Refuses new frames; those inside can still be taken. Idempotent.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        _ready.Set();
    }
}
