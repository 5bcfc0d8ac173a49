// A data block in memory: decoded, immutable, shared by all readers. Values are handed out as slices of its array, which lives as long as somebody holds one.
// Positions are offsets into that array. The checksum has held, so damage is not expected here; still no length is trusted, and what does not fit
// is reported as damage, never as a failure of the program.
// Source of the layout: prefix compression with restart points, as in LevelDB's table format.

using System.Buffers.Binary;

namespace SimGraph.Storage.Lsm.Tables;

/// <summary>The entries of one data block. Immutable.</summary>
internal sealed class TableBlock
{
    private readonly string _file;
    private readonly long _fileOffset;

    /// <param name="file">Path of the table, for messages.</param>
    /// <param name="fileOffset">Where the block stands in it, for messages.</param>
    /// <param name="array">Holds the payload; never changed from now on.</param>
    /// <param name="start">Where the payload begins in the array.</param>
    /// <param name="length">Length of the payload.</param>
    /// <exception cref="LsmCorruptException">The restart points make no sense.</exception>
    public TableBlock(string file, long fileOffset, byte[] array, int start, int length)
    {
        _file = file;
        _fileOffset = fileOffset;
        Array = array;
        Start = start;
        uint restarts = length < sizeof(uint) ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(array.AsSpan(start + length - sizeof(uint)));
        if (restarts == 0 || restarts > (length / sizeof(uint)) - 1)
        {
            throw NewDamage("it has no place for its restart points");
        }

        RestartCount = (int)restarts;
        End = start + length - ((RestartCount + 1) * sizeof(uint));
        if (RestartAt(0) != start)
        {
            throw NewDamage("its first restart point is not its first entry");
        }
    }

    public byte[] Array { get; }

    /// <summary>Position of the first entry.</summary>
    public int Start { get; }

    /// <summary>Position behind the last entry.</summary>
    public int End { get; }

    public int RestartCount { get; }

    /// <summary>Position of the entry at a restart point.</summary>
    public int RestartAt(int restart)
    {
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(Array.AsSpan(End + (restart * sizeof(uint))));
        if (offset >= (uint)(End - Start))
        {
            throw NewDamage("a restart point is not in it");
        }

        return Start + (int)offset;
    }

    /// <summary>The last restart point whose position is below <paramref name="position"/>, which is above <see cref="Start"/>.</summary>
    public int RestartBefore(int position)
    {
        int low = 0;
        int high = RestartCount - 1;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high + 1) / 2);
            if (RestartAt(middle) < position)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    /// <summary>The last restart point whose version is before the given one in internal order; the first if none is.</summary>
    public int RestartBefore(ReadOnlySpan<byte> key, ulong sequence)
    {
        int low = 0;
        int high = RestartCount - 1;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high + 1) / 2);
            Read(RestartAt(middle), 0, out TableEntry entry);
            if (InternalOrder.Compare(Array.AsSpan(entry.KeyOffset, entry.Unshared), entry.Sequence, key, sequence) < 0)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    /// <summary>Reads the entry at a position below <see cref="End"/>.</summary>
    /// <param name="position">Where it begins.</param>
    /// <param name="keyLengthBefore">Length of the key before; 0 at a restart point.</param>
    /// <param name="entry">The entry.</param>
    /// <exception cref="LsmCorruptException">There is none.</exception>
    public void Read(int position, int keyLengthBefore, out TableEntry entry)
    {
        ReadOnlySpan<byte> source = Array.AsSpan(0, End);
        if (!Varint.TryRead32(source, ref position, out uint shared)
            || !Varint.TryRead32(source, ref position, out uint unshared)
            || !Varint.TryRead32(source, ref position, out uint value)
            || !Varint.TryRead64(source, ref position, out ulong sequence)
            || shared > (uint)keyLengthBefore
            || unshared > TableLimits.KeyBytesMax - shared
            || (ulong)unshared + (value >> 1) > (uint)(End - position)
            || ((value & 1) == (uint)EntryKind.Delete && value != 0))
        {
            throw NewDamage("an entry makes no sense");
        }

        entry.Shared = (int)shared;
        entry.Unshared = (int)unshared;
        entry.KeyOffset = position;
        entry.ValueOffset = position + (int)unshared;
        entry.ValueLength = (int)(value >> 1);
        entry.Next = entry.ValueOffset + entry.ValueLength;
        entry.Kind = (EntryKind)(value & 1);
        entry.Sequence = sequence;
    }

    /// <summary>
    /// Looks for the newest version of a key whose sequence is at most the given one. Without building keys: along the keys before the target it
    /// remembers how much of the target they match, and an entry that shares more or less than that with its predecessor is decided already.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="sequence">The highest sequence that counts.</param>
    /// <param name="found">The version, when true.</param>
    /// <param name="atEnd">When false is returned: all entries are before the target, so a version may be first in the next block.</param>
    public bool TryFind(ReadOnlySpan<byte> key, ulong sequence, out TableEntry found, out bool atEnd)
    {
        int position = RestartAt(RestartBefore(key, sequence));
        int matched = 0;
        int keyLength = 0;
        atEnd = false;
        while (position < End)
        {
            Read(position, keyLength, out found);
            position = found.Next;
            keyLength = found.Shared + found.Unshared;
            if (found.Shared > matched)
            {
                continue;
            }

            if (found.Shared < matched && found.Shared > 0)
            {
                return false;
            }

            ReadOnlySpan<byte> rest = Array.AsSpan(found.KeyOffset, found.Unshared);
            int order = OrderOf(rest, key[found.Shared..], out int common);
            matched = found.Shared + common;
            if (order > 0)
            {
                return false;
            }

            if (order == 0 && found.Sequence <= sequence)
            {
                return true;
            }
        }

        found = default;
        atEnd = true;
        return false;
    }

    /// <summary>An exception that says where this block is.</summary>
    public LsmCorruptException NewDamage(string reason) => new(_file, _fileOffset, $"a data block: {reason}");

    private static int OrderOf(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> target, out int common)
    {
        common = entry.CommonPrefixLength(target);
        return common == entry.Length ? (common == target.Length ? 0 : -1) : common == target.Length ? 1 : entry[common] - target[common];
    }
}
