// The bytes of one file, twice: what its readers see (the page cache) and what the device holds, with the list of changes that separate them.
// A flush applies the changes to the device's side; power loss applies what the chooser lets through (SurvivingChanges) and forgets the rest.
// Nothing here copies a whole file: a fork, and what is left after power loss, share pages until they are written to.

using SimGraph.Runtime;

namespace SimGraph.Simulation.Disk;

/// <summary>A file's visible bytes, durable bytes, and what is between them. It has a name only while a folder gives it one.</summary>
internal sealed class DiskInode(long id) : DiskNode
{
    // The kernel writes back on its own when too much is dirty: that keeps these bounded, and is one more way to be kept.
    private const int UnflushedBytesMax = 64 << 20;
    private const int UnflushedChangesMax = 1 << 16;
    private const int BufferBytesKept = 1 << 20;

    private readonly List<UnflushedChange> _unflushed = [];
    private byte[] _unflushedBytes = [];
    private int _unflushedBytesUsed;
    private long _sequence;

    // A fork reads what the buffer held when it was made. So its original may append to the buffer but not begin it anew, and the fork may do neither.
    private bool _bufferIsLent;
    private bool _bufferIsBorrowed;

    /// <summary>Ascending in the order of creation on its disk.</summary>
    internal long Id { get; } = id;

    internal SparseBytes Visible { get; } = new();

    internal SparseBytes Durable { get; } = new();

    internal IReadOnlyList<UnflushedChange> Unflushed => _unflushed;

    /// <summary>Handles that are open.</summary>
    internal int Opens { get; set; }

    /// <summary>Visible names that stand for it: one, or none; two after a power loss in the middle of a rename between folders.</summary>
    internal int Links { get; set; }

    /// <summary>Every change made so far is at or before it.</summary>
    internal long Mark => _sequence;

    internal ReadOnlySpan<byte> BytesOf(in UnflushedChange write) => _unflushedBytes.AsSpan(write.BytesAt, write.Count);

    internal void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        if (_unflushed.Count >= UnflushedChangesMax || _unflushedBytesUsed > UnflushedBytesMax - bytes.Length)
        {
            Flush(Mark);
        }

        Visible.Write(offset, bytes);
        int needed = _unflushedBytesUsed + bytes.Length;
        if (needed > _unflushedBytes.Length || _bufferIsBorrowed)
        {
            Array.Resize(ref _unflushedBytes, Math.Max(needed, Math.Max(256, _unflushedBytes.Length * 2)));
            _bufferIsBorrowed = false;
            _bufferIsLent = false;
        }

        bytes.CopyTo(_unflushedBytes.AsSpan(_unflushedBytesUsed));
        _unflushed.Add(new UnflushedChange(++_sequence, offset, _unflushedBytesUsed, bytes.Length));
        _unflushedBytesUsed = needed;
    }

    internal void SetLength(long length)
    {
        if (_unflushed.Count >= UnflushedChangesMax)
        {
            Flush(Mark);
        }

        Visible.SetLength(length);
        _unflushed.Add(new UnflushedChange(++_sequence, length, -1, 0));
    }

    /// <summary>The same file for another image: changes of either are not seen by the other.</summary>
    internal DiskInode Fork()
    {
        var fork = new DiskInode(Id)
        {
            Opens = Opens,
            Links = Links,
            _sequence = _sequence,
            _unflushedBytes = _unflushedBytes,
            _unflushedBytesUsed = _unflushedBytesUsed,
            _bufferIsBorrowed = true,
        };
        _bufferIsLent = true;
        fork._unflushed.AddRange(_unflushed);
        fork.Visible.CopyFrom(Visible);
        fork.Durable.CopyFrom(Durable);
        return fork;
    }

    /// <summary>Makes every change up to the mark durable.</summary>
    internal void Flush(long mark)
    {
        int covered = CountUpTo(mark);
        for (int index = 0; index < covered; index++)
        {
            UnflushedChange change = _unflushed[index];
            if (change.IsWrite)
            {
                Durable.Write(change.Offset, BytesOf(change));
            }
            else
            {
                Durable.SetLength(change.Offset);
            }
        }

        Forget(covered);
    }

    /// <summary>
    /// A flush that failed: what it should have made durable is durable or not, as chosen, and no later flush makes up for it, because the kernel
    /// marks the pages clean. Readers go on seeing it until power loss.
    /// </summary>
    internal DiskLoss FailFlush(long mark, DiskChooser choose)
    {
        int covered = CountUpTo(mark);
        DiskLoss loss = SurvivingChanges.Apply(this, covered, choose);
        Forget(covered);
        return loss;
    }

    /// <summary>What is durable, and what the chooser lets through, is all that is left.</summary>
    internal DiskLoss LosePower(DiskChooser choose)
    {
        DiskLoss loss = SurvivingChanges.Apply(this, _unflushed.Count, choose);
        Forget(_unflushed.Count);
        Visible.CopyFrom(Durable);
        Opens = 0;
        return loss;
    }

    /// <summary>Flips a durable bit at rest. Readers see it unless the byte was rewritten since the last flush.</summary>
    /// <returns>False when the byte is not on the device.</returns>
    internal bool FlipBit(long offset, int bit)
    {
        Invariant.Check(bit is >= 0 and < 8, "a byte has eight bits");
        if (offset >= Durable.Length)
        {
            return false;
        }

        byte held = Durable[offset];
        byte flipped = (byte)(held ^ (1 << bit));
        if (offset < Visible.Length && Visible[offset] == held)
        {
            Visible[offset] = flipped;
        }

        Durable[offset] = flipped;
        return true;
    }

    private int CountUpTo(long mark)
    {
        int count = 0;
        while (count < _unflushed.Count && _unflushed[count].Sequence <= mark)
        {
            count++;
        }

        return count;
    }

    private void Forget(int count)
    {
        if (count == _unflushed.Count)
        {
            _unflushed.Clear();
            _unflushedBytesUsed = 0;
            if (_unflushedBytes.Length > BufferBytesKept || _bufferIsLent || _bufferIsBorrowed)
            {
                _unflushedBytes = [];
                _bufferIsLent = false;
                _bufferIsBorrowed = false;
            }

            return;
        }

        _unflushed.RemoveRange(0, count);
        int start = _unflushedBytesUsed;
        foreach (UnflushedChange change in _unflushed)
        {
            if (change.IsWrite)
            {
                start = change.BytesAt;
                break;
            }
        }

        if (start == 0)
        {
            return;
        }

        byte[] target = _bufferIsLent || _bufferIsBorrowed ? new byte[_unflushedBytes.Length] : _unflushedBytes;
        _unflushedBytes.AsSpan(start, _unflushedBytesUsed - start).CopyTo(target);
        _unflushedBytes = target;
        _bufferIsLent = false;
        _bufferIsBorrowed = false;
        _unflushedBytesUsed -= start;
        for (int index = 0; index < _unflushed.Count; index++)
        {
            UnflushedChange change = _unflushed[index];
            _unflushed[index] = change.IsWrite ? change with { BytesAt = change.BytesAt - start } : change;
        }
    }
}
