using SimGraph.Storage.Log;

namespace SimGraph.Replication.Wire;

/// <summary>Announces a snapshot. The receiver answers with a <see cref="SnapshotResume"/>; then the chunks that it lacks follow in order, then its <see cref="SnapshotEnd"/>, then the InstallSnapshot message of the core.</summary>
/// <param name="Position">What the snapshot covers.</param>
/// <param name="Transfer">Names this very content and its division: who holds a part of it may keep that when the transfer begins again. Never 0.</param>
internal readonly record struct SnapshotHeader(LogPosition Position, ulong Transfer) : IFramePayload
{
    /// <inheritdoc/>
    public FrameKind Kind => FrameKind.SnapshotHeader;

    /// <inheritdoc/>
    public int Length => 3 * sizeof(ulong);

    /// <exception cref="ProtocolException">Not a snapshot header.</exception>
    public static SnapshotHeader Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload, "snapshot header");
        var header = new SnapshotHeader(new LogPosition(reader.ReadUInt64(), reader.ReadUInt64()), reader.ReadUInt64());
        reader.End();
        return header.Transfer != 0 ? header : throw new ProtocolException("snapshot header: transfers are numbered from 1");
    }

    /// <inheritdoc/>
    public void WriteTo(FrameWriter writer)
    {
        writer.WriteUInt64(Position.Index);
        writer.WriteUInt64(Position.Term);
        writer.WriteUInt64(Transfer);
    }
}
