namespace SimGraph.Storage.Graph;

/// <summary>The tree holds something that the graph store never writes: another version's data, a defect, or a disk that lies.</summary>
public sealed class GraphStoreCorruptException : GraphStoreException
{
    /// <summary>A pair of the tree cannot be right.</summary>
    public GraphStoreCorruptException(ReadOnlySpan<byte> key, string reason, Exception? inner = null)
        : base($"Graph store, key {Describe(key)}: {reason}. Restore this member from a snapshot of another one.", inner!)
    {
        Key = key.ToArray();
        Reason = reason;
    }

    /// <summary>The key.</summary>
    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; }

    internal static string Describe(ReadOnlySpan<byte> key) =>
        key.IsEmpty ? "(empty)" : $"{(char)key[0]}:{Convert.ToHexString(key[1..])}";
}
