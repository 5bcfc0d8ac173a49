using System.Buffers.Binary;
using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Backup.Wire;

/// <summary>Body of a client request of kind Backup: action u8; for a chunk its number u32; for entries the position behind which they are wanted.</summary>
/// <param name="Action">What is wanted.</param>
/// <param name="Number">Of a chunk, from 0.</param>
/// <param name="Previous">The last entry that is known; (0, 0) before the first.</param>
internal readonly record struct BackupRequest(BackupAction Action, uint Number = 0, LogPosition Previous = default)
{
    /// <exception cref="ProtocolException">Not such a request.</exception>
    public static BackupRequest Decode(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body, "backup request");
        var action = (BackupAction)reader.ReadByte();
        BackupRequest request = action switch
        {
            BackupAction.Freeze or BackupAction.Release => new BackupRequest(action),
            BackupAction.Chunk => new BackupRequest(action, reader.ReadUInt32()),
            BackupAction.Entries => new BackupRequest(action, Previous: reader.ReadPosition()),
            _ => throw new ProtocolException($"backup request: unknown action {(byte)action}"),
        };
        reader.End();
        return request;
    }

    public byte[] Encode()
    {
        switch (Action)
        {
            case BackupAction.Chunk:
                byte[] chunk = new byte[1 + sizeof(uint)];
                chunk[0] = (byte)Action;
                BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(1), Number);
                return chunk;
            case BackupAction.Entries:
                byte[] entries = new byte[1 + (2 * sizeof(ulong))];
                entries[0] = (byte)Action;
                BinaryPrimitives.WriteUInt64LittleEndian(entries.AsSpan(1), Previous.Index);
                BinaryPrimitives.WriteUInt64LittleEndian(entries.AsSpan(1 + sizeof(ulong)), Previous.Term);
                return entries;
            default:
                return [(byte)Action];
        }
    }
}
