// Keeps what arrived of a snapshot when its connection broke, so that the next connection of the same peer brings the rest only. One at a time and not for long: a state
// that nobody comes back for is given up, and so is one for which there is no room. It is never mixed with another: who takes it names peer, transfer and position.

using SimGraph.Cluster.Consensus;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Peers;

/// <summary>Holds one incomplete snapshot. Thread-safe.</summary>
internal sealed class SnapshotShelf(TimeProvider clock, TimeSpan keepLimit)
{
    private readonly object _gate = new();
    private NodeId _peer;
    private ulong _transfer;
    private StagedState? _staged;
    private TimeSpan _until;
    private bool _closed;

    /// <summary>Puts an incomplete state there; gives up the one that was there, or this one if the shelf is closed.</summary>
    public async Task PutAsync(NodeId peer, ulong transfer, StagedState staged)
    {
        StagedState? surplus;
        lock (_gate)
        {
            surplus = _closed ? staged : _staged;
            if (!_closed)
            {
                (_peer, _transfer, _staged) = (peer, transfer, staged);
                _until = clock.Elapsed() + keepLimit;
            }
        }

        if (surplus is not null)
        {
            await surplus.AbandonAsync();
        }
    }

    /// <summary>Takes what is there of a transfer; null if nothing is.</summary>
    public StagedState? TryTake(NodeId peer, SnapshotHeader header)
    {
        lock (_gate)
        {
            if (_staged is not { } staged || _peer != peer || _transfer != header.Transfer || staged.Position != header.Position)
            {
                return null;
            }

            _staged = null;
            return staged;
        }
    }

    /// <summary>Takes what was there for too long, to be given up.</summary>
    public StagedState? TakeExpired()
    {
        lock (_gate)
        {
            if (_staged is not { } staged || clock.Elapsed() < _until)
            {
                return null;
            }

            _staged = null;
            return staged;
        }
    }

    /// <summary>Gives up what is there and what comes.</summary>
    public async Task CloseAsync()
    {
        StagedState? staged;
        lock (_gate)
        {
            _closed = true;
            staged = _staged;
            _staged = null;
        }

        if (staged is not null)
        {
            await staged.AbandonAsync();
        }
    }
}
