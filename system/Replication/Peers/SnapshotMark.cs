namespace SimGraph.Replication.Peers;

/// <summary>A division between two chunks of a snapshot.</summary>
/// <param name="Length">Bytes of all chunks before it.</param>
/// <param name="Hash">Their hash.</param>
/// <param name="Next">The first key behind it; null if there is none.</param>
internal sealed record SnapshotMark(long Length, ulong Hash, byte[]? Next)
{
    /// <summary>Before the first chunk.</summary>
    public static SnapshotMark Beginning { get; } = new(0, 0, []);
}
