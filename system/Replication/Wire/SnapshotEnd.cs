namespace SimGraph.Replication.Wire;

/// <summary>Ends a snapshot: what its chunks must have been, all together.</summary>
/// <param name="DataLength">Bytes in all chunks.</param>
/// <param name="DataHash">XxHash3 of each, seeded with that of the one before (0 at first): a chunk that is missing, or of another transfer, must not go unnoticed.</param>
internal readonly record struct SnapshotEnd(ulong DataLength, ulong DataHash) : IFramePayload
{
    /// <inheritdoc/>
    public FrameKind Kind => FrameKind.SnapshotEnd;

    /// <inheritdoc/>
    public int Length => 2 * sizeof(ulong);

    /// <exception cref="ProtocolException">Not the end of a snapshot.</exception>
    public static SnapshotEnd Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload, "snapshot end");
        var end = new SnapshotEnd(reader.ReadUInt64(), reader.ReadUInt64());
        reader.End();
        return end;
    }

    /// <inheritdoc/>
    public void WriteTo(FrameWriter writer)
    {
        writer.WriteUInt64(DataLength);
        writer.WriteUInt64(DataHash);
    }
}
