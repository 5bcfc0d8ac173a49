namespace SimGraph.Storage.Lsm.Tables;

/// <summary>How a block's payload is stored. The values are part of the format.</summary>
internal enum BlockEncoding : byte
{
    Plain = 0,
    Lz4 = 1,
}
