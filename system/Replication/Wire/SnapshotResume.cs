namespace SimGraph.Replication.Wire;

/// <summary>What the receiver of a <see cref="SnapshotHeader"/> holds of that transfer already: nothing, or what an earlier connection brought.</summary>
/// <param name="Transfer">The transfer that the header named.</param>
/// <param name="DataLength">Bytes of the chunks that it holds.</param>
/// <param name="DataHash">Their hash, as in <see cref="SnapshotEnd"/>.</param>
internal readonly record struct SnapshotResume(ulong Transfer, ulong DataLength, ulong DataHash) : IFramePayload
{
    /// <inheritdoc/>
    public FrameKind Kind => FrameKind.SnapshotResume;

    /// <inheritdoc/>
    public int Length => 3 * sizeof(ulong);

    /// <exception cref="ProtocolException">Not an answer to a snapshot header.</exception>
    public static SnapshotResume Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload, "snapshot resume");
        var resume = new SnapshotResume(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64());
        reader.End();
        return resume;
    }

    /// <inheritdoc/>
    public void WriteTo(FrameWriter writer)
    {
        writer.WriteUInt64(Transfer);
        writer.WriteUInt64(DataLength);
        writer.WriteUInt64(DataHash);
    }
}
