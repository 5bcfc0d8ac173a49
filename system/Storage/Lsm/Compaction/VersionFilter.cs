// Which versions a flush or a compaction must keep. A version is visible to the snapshots from its own sequence up to the next event of its key: a newer
// version, or a range tombstone. If no open snapshot lies there and there is such an event, nobody can see it, now or later: a snapshot taken
// later has the sequence of something newer than all that is compacted.
//
// A delete is kept even when all see it, because it hides what lies below, until nothing lies below (T02). It goes only if no snapshot is older than
// it: then everything that it hides within this compaction goes too.

namespace SimGraph.Storage.Lsm.Compaction;

/// <summary>Judges versions in internal order. One owner.</summary>
/// <param name="snapshots">Sequences of open snapshots, ascending.</param>
/// <param name="tombstones">All range tombstones of the inputs.</param>
/// <param name="below">Tables below the output level; null to keep all deletes.</param>
internal sealed class VersionFilter(ulong[] snapshots, RangeTombstoneSet tombstones, BelowLevels? below)
{
    private byte[] _key = [];
    private int _keyLength = -1;
    private ulong _newer;

    /// <summary>True if the version has to stay. <paramref name="isNewKey"/> says whether the key differs from the one before.</summary>
    public bool Keeps(EntryCursor version, out bool isNewKey)
    {
        ReadOnlySpan<byte> key = version.Key;
        isNewKey = _keyLength < 0 || !key.SequenceEqual(_key.AsSpan(0, _keyLength));
        if (isNewKey)
        {
            KeepKey(key);
            _newer = 0;
        }

        ulong sequence = version.Sequence;
        ulong next = _newer;
        _newer = sequence;
        if (tombstones.Count > 0)
        {
            ulong covering = tombstones.LowestCoveringAbove(key, sequence);
            next = next == 0 || (covering > 0 && covering < next) ? covering : next;
        }

        if (next > 0 && !AnySnapshotIn(sequence, next))
        {
            return false;
        }

        return version.Kind != EntryKind.Delete || below is null || AnySnapshotIn(0, sequence) || below.MayHold(key);
    }

    /// <summary>The range tombstones that have to stay, in key order.</summary>
    public List<RangeTombstone> KeptTombstones()
    {
        var all = new List<RangeTombstone>();
        tombstones.AddTo(all);
        if (below is { } levels)
        {
            all.RemoveAll(tombstone =>
                !AnySnapshotIn(0, tombstone.Sequence) && !levels.MayHoldAny(tombstone.Start.Span, tombstone.End.Span));
        }

        return all;
    }

    // Snapshots in [from, before).
    private bool AnySnapshotIn(ulong from, ulong before)
    {
        foreach (ulong snapshot in snapshots)
        {
            if (snapshot >= before)
            {
                return false;
            }

            if (snapshot >= from)
            {
                return true;
            }
        }

        return false;
    }

    private void KeepKey(ReadOnlySpan<byte> key)
    {
        if (_key.Length < key.Length)
        {
            _key = new byte[Math.Max(64, key.Length * 2)];
        }

        key.CopyTo(_key);
        _keyLength = key.Length;
    }
}
