namespace SimGraph.Storage.Lsm.Tables;

/// <summary>What a block of a table holds. The values are part of the format.</summary>
internal enum BlockKind : byte
{
    Data = 1,
    RangeTombstones = 2,
    Filter = 3,
    Index = 4,
    Properties = 5,
}
