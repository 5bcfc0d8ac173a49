using SimGraph.Cluster.Consensus;
using SimGraph.Replication.StateMachine;

namespace SimGraph.Replication.Peers;

/// <summary>
/// A snapshot on its way to a peer: the state first, then the message. It remembers the latest divisions between its chunks, so that it can go on where the receiver got to
/// when a connection broke; more of them than a connection holds under way are of no use. Used by one task at a time.
/// </summary>
internal sealed class SnapshotTransfer(ConsensusMessage message, FrozenState state, ulong id) : IDisposable
{
    private const int MarksMax = 64;

    private readonly Queue<SnapshotMark> _marks = new();

    /// <summary>Names the content and its division.</summary>
    public ulong Id { get; private set; } = id;

    /// <summary>What the consensus core says about it.</summary>
    public ConsensusMessage Message { get; set; } = message;

    /// <summary>The content.</summary>
    public FrozenState State => state;

    /// <summary>A chunk ended.</summary>
    public void Note(SnapshotMark mark)
    {
        if (_marks.Count == MarksMax)
        {
            _marks.Dequeue();
        }

        _marks.Enqueue(mark);
    }

    /// <summary>Where to go on for a receiver that holds so much; null when that is not known to be the beginning of this content.</summary>
    public SnapshotMark? Find(ulong length, ulong hash)
    {
        if (length == 0)
        {
            return SnapshotMark.Beginning;
        }

        foreach (SnapshotMark mark in _marks)
        {
            if ((ulong)mark.Length == length && mark.Hash == hash)
            {
                return mark;
            }
        }

        return null;
    }

    /// <summary>Nothing that was received counts any more.</summary>
    public void BeginAnew(ulong id)
    {
        Id = id;
        _marks.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => state.Dispose();
}
