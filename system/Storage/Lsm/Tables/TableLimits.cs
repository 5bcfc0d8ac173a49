namespace SimGraph.Storage.Lsm.Tables;

/// <summary>What a table may hold at most. A reader trusts no length beyond these.</summary>
internal static class TableLimits
{
    public const int KeyBytesMax = 64 << 10;

    /// <summary>A bound of a range: one byte more than a key, so that a bound behind all keys can be written.</summary>
    public const int BoundBytesMax = KeyBytesMax + 1;
    public const int ValueBytesMax = 64 << 20;
    public const int RestartIntervalMax = 1024;
    public const int ProbesMax = 24;

    /// <summary>A decoded data block: a block is closed at up to 1 MiB, by an entry of any size.</summary>
    public const int DataBlockBytesMax = ValueBytesMax + (4 << 20);

    /// <summary>What a LZ4 block can grow to: no byte of it stands for more than 255.</summary>
    public const int Lz4RatioMax = 255;
}
