// What of a file's unflushed changes reaches the device when the power fails, or when its flush does.
//
// The device writes whole sectors of 512 bytes out of the page cache, in any order, some of them several times. So afterwards each sector holds one of the
// versions that it had since the last flush, independently of the others, and the length is one of the lengths that the file had. The chooser
// decides change by change (kept, lost, torn, hollow); a sector's version is that of the newest change that was kept in it, which brings the older bytes of
// the same sector along, as the page cache does. A cut that survives clears what lay behind it: length and allocation are one journaled record.
//
// After Alagappan et al., "Protocol-Aware Recovery for Consensus-Based Storage" (FAST 2018), and Pillai et al. (OSDI 2014).

namespace SimGraph.Simulation.Disk;

/// <summary>Applies to a file's durable bytes what survives of its first unflushed changes.</summary>
internal sealed class SurvivingChanges
{
    internal const int SectorBytes = 512;

    // How a file fares as a whole: choosing for each of many changes alone would hardly ever lose nothing, or everything, or just the end.
    private const uint AllKept = 0;
    private const uint AllLost = 1;
    private const uint EndLost = 2;
    private const uint EachAlone = 3;

    private const int SectorsPerChoice = 16;

    private readonly DiskInode _inode;
    private readonly int _count;
    private readonly DiskChooser _choose;
    private readonly SortedDictionary<long, int> _versions = [];
    private int _lengthVersion = -1;
    private int _lost;
    private int _torn;

    private SurvivingChanges(DiskInode inode, int count, DiskChooser choose)
    {
        _inode = inode;
        _count = count;
        _choose = choose;
    }

    private enum Fate
    {
        Kept,
        Lost,
        Torn,

        // The file grew, but over zeros: the length was written and the bytes were not.
        Hollow,
    }

    internal static DiskLoss Apply(DiskInode inode, int count, DiskChooser choose)
    {
        if (count == 0)
        {
            return default;
        }

        var changes = new SurvivingChanges(inode, count, choose);
        changes.Decide();
        changes.Replay();
        return new DiskLoss(0, changes._lost, changes._torn);
    }

    private void Decide()
    {
        uint how = _choose("disk.loss.file", EachAlone + 1);
        int lost = how == EndLost ? 1 + (int)_choose("disk.loss.end", (uint)_count) : 0;
        long length = _inode.Durable.Length;
        for (int index = 0; index < _count; index++)
        {
            UnflushedChange change = _inode.Unflushed[index];
            long lengthAfter = change.IsWrite ? Math.Max(length, change.End) : change.Offset;
            Fate fate = how switch
            {
                AllKept => Fate.Kept,
                AllLost => Fate.Lost,
                EndLost when index < _count - lost => Fate.Kept,

                // The first change of the lost end is the one that the device was busy with.
                EndLost when index == _count - lost => Choose(change),
                EndLost => Fate.Lost,
                _ => Choose(change),
            };
            _lost += fate is Fate.Lost or Fate.Hollow ? 1 : 0;
            _torn += fate == Fate.Torn ? 1 : 0;
            if (fate != Fate.Lost)
            {
                Keep(index, change, fate, grows: lengthAfter != length);
            }

            length = lengthAfter;
        }

        RaiseWhatCutsTouch();
    }

    // A cut that survives, alone or under a later length, brings along the sector that it ends in.
    private void RaiseWhatCutsTouch()
    {
        long length = _inode.Durable.Length;
        for (int index = 0; index <= _lengthVersion; index++)
        {
            UnflushedChange change = _inode.Unflushed[index];
            if (!change.IsWrite && change.Offset < length && change.Offset % SectorBytes != 0)
            {
                Raise(change.Offset / SectorBytes, index);
            }

            length = change.IsWrite ? Math.Max(length, change.End) : change.Offset;
        }
    }

    private Fate Choose(in UnflushedChange change) =>
        change.IsWrite ? (Fate)_choose("disk.loss.write", 4) : (Fate)_choose("disk.loss.length", 2);

    private void Keep(int index, in UnflushedChange change, Fate fate, bool grows)
    {
        if (!change.IsWrite)
        {
            _lengthVersion = index;
            return;
        }

        if (fate != Fate.Hollow)
        {
            KeepSectors(index, change, fate);
        }

        // A torn write that grew the file may also leave the old length, so that nothing of its growth is seen.
        if (grows && (fate != Fate.Torn || _choose("disk.loss.growth", 2) == 0))
        {
            _lengthVersion = index;
        }
    }

    private void KeepSectors(int index, in UnflushedChange change, Fate fate)
    {
        long first = change.Offset / SectorBytes;
        long last = (change.End - 1) / SectorBytes;
        uint lost = 0;
        for (long sector = first; sector <= last; sector++)
        {
            int ordinal = (int)((sector - first) % SectorsPerChoice);
            if (fate == Fate.Torn && ordinal == 0)
            {
                int bits = (int)Math.Min(SectorsPerChoice, last - sector + 1);
                lost = _choose("disk.loss.sectors", 1u << bits);
            }

            if ((lost & (1u << ordinal)) == 0)
            {
                Raise(sector, index);
            }
        }
    }

    private void Raise(long sector, int index) => _versions[sector] = Math.Max(index, VersionOf(sector));

    private void Replay()
    {
        SparseBytes durable = _inode.Durable;
        long finalLength = durable.Length;
        long length = durable.Length;
        for (int index = 0; index < _count; index++)
        {
            UnflushedChange change = _inode.Unflushed[index];
            if (change.IsWrite)
            {
                WriteSurvivors(index, change);
                length = Math.Max(length, change.End);
            }
            else
            {
                CutSurvivors(index, change.Offset, length);
                length = change.Offset;
            }

            finalLength = index == _lengthVersion ? length : finalLength;
        }

        // Writes behind the surviving length grew the image: the cut takes them away again.
        durable.SetLength(finalLength);
    }

    private void WriteSurvivors(int index, in UnflushedChange change)
    {
        ReadOnlySpan<byte> bytes = _inode.BytesOf(change);
        long offset = change.Offset;
        while (!bytes.IsEmpty)
        {
            int size = (int)Math.Min(bytes.Length, SectorBytes - (offset % SectorBytes));
            if (VersionOf(offset / SectorBytes) >= index)
            {
                _inode.Durable.Write(offset, bytes[..size]);
            }

            bytes = bytes[size..];
            offset += size;
        }
    }

    private void CutSurvivors(int index, long newLength, long oldLength)
    {
        if (newLength >= oldLength)
        {
            return;
        }

        if (index <= _lengthVersion)
        {
            _inode.Durable.Clear(newLength, oldLength - newLength);
            return;
        }

        // The cut itself is lost, but a sector written later came from a page cache in which its rest was zero.
        foreach ((long sector, int version) in _versions)
        {
            long start = Math.Max(sector * SectorBytes, newLength);
            long end = Math.Min((sector + 1) * SectorBytes, oldLength);
            if (version > index && start < end)
            {
                _inode.Durable.Clear(start, end - start);
            }
        }
    }

    private int VersionOf(long sector) => _versions.GetValueOrDefault(sector, -1);
}
