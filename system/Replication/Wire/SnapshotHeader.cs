using SimGraph.Storage.Log;

namespace SimGraph.Replication.Wire;

/// <summary>Announces a snapshot; its bytes follow in chunks, in order, and then the InstallSnapshot message of the consensus core.</summary>
/// <param name="Position">What the snapshot covers.</param>
/// <param name="DataLength">Bytes in all chunks together.</param>
/// <param name="DataHash">XxHash3 of them: chunks of two transfers must not mix unnoticed.</param>
internal readonly record struct SnapshotHeader(LogPosition Position, ulong DataLength, ulong DataHash) : IFramePayload
{
    /// <inheritdoc/>
    public FrameKind Kind => FrameKind.SnapshotHeader;

    /// <inheritdoc/>
    public int Length => 4 * sizeof(ulong);

    /// <exception cref="ProtocolException">Not a snapshot header.</exception>
    public static SnapshotHeader Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload, "snapshot header");
        var header = new SnapshotHeader(new LogPosition(reader.ReadUInt64(), reader.ReadUInt64()), reader.ReadUInt64(), reader.ReadUInt64());
        reader.End();
        return header;
    }

    /// <inheritdoc/>
    public void WriteTo(FrameWriter writer)
    {
        writer.WriteUInt64(Position.Index);
        writer.WriteUInt64(Position.Term);
        writer.WriteUInt64(DataLength);
        writer.WriteUInt64(DataHash);
    }
}
