using System.Buffers.Binary;

namespace SimGraph.Replication.StateMachine;

/// <summary>The keys that the state machine keeps in the tree beside those of the graph store.</summary>
internal static class StateKeys
{
    private const byte Space = 0x01;
    private const byte PositionKind = 0x01;
    private const byte SessionKind = 0x02;

    /// <summary>Position of the last applied entry: the term, 8 bytes. The index is the sequence number of the tree.</summary>
    public static ReadOnlyMemory<byte> Term { get; } = new byte[] { Space, PositionKind };

    /// <summary>What every session's key begins with.</summary>
    public static ReadOnlyMemory<byte> Sessions { get; } = new byte[] { Space, SessionKind };

    /// <summary>Bytes of a session's key.</summary>
    public const int SessionBytes = 2 + sizeof(ulong);

    /// <summary>Writes the key of a session: ids in ascending order.</summary>
    public static void WriteSession(Span<byte> target, ulong id)
    {
        target[0] = Space;
        target[1] = SessionKind;
        BinaryPrimitives.WriteUInt64BigEndian(target[2..], id);
    }

    /// <summary>The id in a session's key.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static ulong ReadSession(ReadOnlySpan<byte> key) => key.Length == SessionBytes
        ? BinaryPrimitives.ReadUInt64BigEndian(key[2..])
        : throw new FormatException($"the key of a session has {key.Length} bytes, not {SessionBytes}");
}
