// The state as it was after one log entry, for a follower that needs all of it. It pins a sequence number of the tree, so it costs nothing to take and
// writes go on while it is read.
//
// Chunk: pairs in ascending order of their keys; each is the length of the key u32, the length of the value u32, the key, the value. A pair is never split.

using System.Buffers;
using System.Buffers.Binary;
using SimGraph.Cluster.Consensus;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;

namespace SimGraph.Replication.StateMachine;

/// <summary>A snapshot of the state, to be streamed. Dispose it, or the tree keeps what it pins.</summary>
internal sealed class FrozenState(LogPosition position, Membership? membership, LsmTree tree, LsmSnapshot pinned) : IDisposable
{
    /// <summary>Bytes of a pair before its key.</summary>
    public const int PairHeadBytes = 2 * sizeof(uint);

    /// <summary>The last entry that is in it.</summary>
    public LogPosition Position => position;

    /// <summary>The membership as of it; null if none was applied.</summary>
    public Membership? Membership => membership;

    /// <summary>Opens a cursor over all of it.</summary>
    public LsmCursor OpenCursor() => tree.OpenCursor(LsmRange.All, pinned);

    /// <summary>Adds pairs to the buffer, from where the cursor stands, until it holds so many bytes or all is read; at least one pair if there is one.</summary>
    public static async ValueTask ReadChunkAsync(LsmCursor cursor, ArrayBufferWriter<byte> into, int bytes, CancellationToken cancellationToken)
    {
        while (cursor.IsValid)
        {
            int length = PairHeadBytes + cursor.Key.Length + cursor.Value.Length;
            if (into.WrittenCount > 0 && into.WrittenCount + length > bytes)
            {
                return;
            }

            Append(cursor, into, length);
            await cursor.MoveNextAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => pinned.Dispose();

    private static void Append(LsmCursor cursor, ArrayBufferWriter<byte> into, int length)
    {
        Span<byte> target = into.GetSpan(length);
        ReadOnlySpan<byte> key = cursor.Key.Span;
        ReadOnlySpan<byte> value = cursor.Value.Span;
        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)key.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(target[sizeof(uint)..], (uint)value.Length);
        key.CopyTo(target[PairHeadBytes..]);
        value.CopyTo(target[(PairHeadBytes + key.Length)..]);
        into.Advance(length);
    }
}
