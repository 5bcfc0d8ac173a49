// A table of some version. Its file is opened when it is first read, may be closed when others are needed more, and is deleted when no version
// refers to the table any more.
//
// Concurrency: the lease count decides everything, by compare and exchange. Who holds a lease may use the reader; only an idle one (count 0) can be
// closed, and the one who takes it from 0 closes it. The number of versions that refer to it is guarded by the tree's lock.

using SimGraph.Storage.Lsm.Tables;

namespace SimGraph.Storage.Lsm.Versions;

/// <summary>A table, open or not.</summary>
internal sealed class LsmTable(ulong number, TableSummary summary)
{
    private const int NotOpen = -1;
    private const int Gone = int.MinValue / 2;
    private int _leases = NotOpen;
    private TableReader? _reader;
    private RangeTombstoneSet _tombstones = RangeTombstoneSet.Empty;
    private bool _used;

    /// <summary>Its number: part of its name and of its content, never used twice.</summary>
    public ulong Number { get; } = number;

    /// <summary>What it holds.</summary>
    public TableSummary Summary { get; } = summary;

    /// <summary>Versions that refer to it. Guarded by the tree's lock.</summary>
    public int Versions { get; set; }

    /// <summary>Its range tombstones; known once it was open.</summary>
    public RangeTombstoneSet Tombstones => Volatile.Read(ref _tombstones);

    /// <summary>True if it will never be read again.</summary>
    public bool IsGone => Volatile.Read(ref _leases) < NotOpen;

    public bool IsOpen => Volatile.Read(ref _leases) >= 0;

    /// <summary>True if it may hold something about the keys of the range. Bounds count as held, so that a range delete's end is no special case.</summary>
    public bool Overlaps(ReadOnlySpan<byte> smallest, ReadOnlySpan<byte> largest) =>
        Summary.SmallestKey.Span.SequenceCompareTo(largest) <= 0 && smallest.SequenceCompareTo(Summary.LargestKey.Span) <= 0;

    /// <summary>The reader, if the table is open. Give the lease back.</summary>
    public bool TryLease(out TableReader reader)
    {
        int leases = Volatile.Read(ref _leases);
        while (leases >= 0)
        {
            int seen = Interlocked.CompareExchange(ref _leases, leases + 1, leases);
            if (seen == leases)
            {
                if (!_used)
                {
                    _used = true;
                }

                reader = _reader!;
                return true;
            }

            leases = seen;
        }

        reader = null!;
        return false;
    }

    /// <summary>Gives a lease back. True if it was the last one.</summary>
    public bool Return() => Interlocked.Decrement(ref _leases) == 0;

    /// <summary>Opens a table that is not open, with one lease. False if it is gone.</summary>
    public bool TryOpen(TableReader reader, RangeTombstoneSet tombstones)
    {
        _reader = reader;
        Volatile.Write(ref _tombstones, tombstones);
        return Interlocked.CompareExchange(ref _leases, 1, NotOpen) == NotOpen;
    }

    /// <summary>Closes an idle table that was not used since the last call; the caller disposes the reader. It can be opened again.</summary>
    public bool TryCloseUnused(out TableReader? reader)
    {
        reader = _reader;
        if (_used)
        {
            _used = false;
            return false;
        }

        return Interlocked.CompareExchange(ref _leases, NotOpen, 0) == 0;
    }

    /// <summary>Ends an idle table for good; the caller disposes the reader, if there is one. False while it is in use.</summary>
    public bool TryEnd(out TableReader? reader)
    {
        reader = null;
        if (Interlocked.CompareExchange(ref _leases, Gone, NotOpen) == NotOpen)
        {
            return true;
        }

        if (Interlocked.CompareExchange(ref _leases, Gone, 0) != 0)
        {
            return IsGone;
        }

        reader = _reader;
        return true;
    }

    /// <summary>Ends the table whoever has leases; nobody may be reading. The caller disposes the reader, if there is one.</summary>
    public TableReader? End() => Interlocked.Exchange(ref _leases, Gone) >= 0 ? _reader : null;
}
