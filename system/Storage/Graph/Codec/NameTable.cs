using System.IO.Hashing;

namespace SimGraph.Storage.Graph;

/// <summary>
/// Labels, edge types and keys that are already in memory, found by their UTF-8 bytes: a state holds each name once, and decoding a command
/// makes no string for a known one. Bounded: when it is full, further names are strings of their own. Decides nothing about results.
/// Not thread-safe.
/// </summary>
public sealed class NameTable
{
    /// <summary>Names it remembers at most.</summary>
    public const int NamesMax = 16 * 1024;

    private const int SlotsMin = 64;

    private Slot[] _slots = new Slot[SlotsMin];
    private int _count;

    /// <summary>The name with these bytes, or null.</summary>
    internal string? Find(ReadOnlySpan<byte> utf8)
    {
        ulong hash = XxHash3.HashToUInt64(utf8);
        for (uint at = (uint)hash & Mask; _slots[at].Name is not null; at = (at + 1) & Mask)
        {
            if (_slots[at].Hash == hash && utf8.SequenceEqual(_slots[at].Utf8))
            {
                return _slots[at].Name;
            }
        }

        return null;
    }

    /// <summary>Remembers a name that <see cref="Find"/> did not know and that is well-formed.</summary>
    internal string Add(ReadOnlySpan<byte> utf8)
    {
        string name = GraphLimits.StrictUtf8.GetString(utf8);
        if (_count == NamesMax)
        {
            return name;
        }

        if (_count * 2 >= _slots.Length)
        {
            Grow();
        }

        Insert(new Slot(XxHash3.HashToUInt64(utf8), utf8.ToArray(), name));
        _count++;
        return name;
    }

    private uint Mask => (uint)_slots.Length - 1;

    private void Grow()
    {
        Slot[] old = _slots;
        _slots = new Slot[old.Length * 2];
        foreach (Slot slot in old)
        {
            if (slot.Name is not null)
            {
                Insert(slot);
            }
        }
    }

    private void Insert(Slot slot)
    {
        uint at = (uint)slot.Hash & Mask;
        while (_slots[at].Name is not null)
        {
            at = (at + 1) & Mask;
        }

        _slots[at] = slot;
    }

    private readonly record struct Slot(ulong Hash, byte[] Utf8, string Name);
}
