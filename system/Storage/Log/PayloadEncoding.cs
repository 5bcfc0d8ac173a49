namespace SimGraph.Storage.Log;

/// <summary>How the payload of a record is stored. Values are part of the on-disk format.</summary>
internal enum PayloadEncoding : byte
{
    /// <summary>As it is.</summary>
    Plain = 0,

    /// <summary>Its length in four bytes, then an LZ4 block.</summary>
    Lz4 = 1,
}
