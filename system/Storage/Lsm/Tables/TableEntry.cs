namespace SimGraph.Storage.Lsm.Tables;

/// <summary>One entry of a data block as it stands there. Offsets are into the block's array.</summary>
internal struct TableEntry
{
    public int Shared;
    public int Unshared;
    public int KeyOffset;
    public int ValueOffset;
    public int ValueLength;

    /// <summary>Position of the entry behind it.</summary>
    public int Next;
    public EntryKind Kind;
    public ulong Sequence;
}
