using SimGraph.Storage.Log;

namespace SimGraph.Replication.Wire;

/// <summary>Announces a snapshot: its chunks follow in order, then its <see cref="SnapshotEnd"/>, then the InstallSnapshot message of the core.</summary>
/// <param name="Position">What the snapshot covers.</param>
internal readonly record struct SnapshotHeader(LogPosition Position) : IFramePayload
{
    /// <inheritdoc/>
    public FrameKind Kind => FrameKind.SnapshotHeader;

    /// <inheritdoc/>
    public int Length => 2 * sizeof(ulong);

    /// <exception cref="ProtocolException">Not a snapshot header.</exception>
    public static SnapshotHeader Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload, "snapshot header");
        var header = new SnapshotHeader(new LogPosition(reader.ReadUInt64(), reader.ReadUInt64()));
        reader.End();
        return header;
    }

    /// <inheritdoc/>
    public void WriteTo(FrameWriter writer)
    {
        writer.WriteUInt64(Position.Index);
        writer.WriteUInt64(Position.Term);
    }
}
