namespace SimGraph.Replication.Wire;

/// <summary>The next bytes of the announced snapshot.</summary>
/// <param name="Data">At least one byte.</param>
internal readonly record struct SnapshotChunk(ReadOnlyMemory<byte> Data) : IFramePayload
{
    /// <inheritdoc/>
    public FrameKind Kind => FrameKind.SnapshotChunk;

    /// <inheritdoc/>
    public int Length => Data.Length;

    /// <inheritdoc/>
    public void WriteTo(FrameWriter writer) => writer.WriteBytes(Data.Span);
}
