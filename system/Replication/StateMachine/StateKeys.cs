using System.Buffers.Binary;

namespace SimGraph.Replication.StateMachine;

/// <summary>The keys that the state machine keeps in the tree beside those of the graph store.</summary>
internal static class StateKeys
{
    /// <summary>Bytes of a session's key.</summary>
    public const int SessionBytes = 1 + sizeof(ulong);

    private const byte SessionSpace = (byte)'S';

    /// <summary>Of the last applied entry the term, u64. Its index is the sequence number of the tree.</summary>
    public static ReadOnlyMemory<byte> Applied { get; } = new[] { (byte)'A' };

    /// <summary>The membership of the last entry that held one, encoded; absent before the first.</summary>
    public static ReadOnlyMemory<byte> Membership { get; } = new[] { (byte)'V' };

    /// <summary>What every session's key begins with.</summary>
    public static ReadOnlyMemory<byte> Sessions { get; } = new[] { SessionSpace };

    /// <summary>Writes the key of a session: ids in ascending order.</summary>
    public static void WriteSession(Span<byte> target, ulong id)
    {
        target[0] = SessionSpace;
        BinaryPrimitives.WriteUInt64BigEndian(target[1..], id);
    }

    /// <summary>The id in a session's key.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static ulong ReadSession(ReadOnlySpan<byte> key) => key.Length == SessionBytes
        ? BinaryPrimitives.ReadUInt64BigEndian(key[1..])
        : throw new FormatException($"the key of a session has {key.Length} bytes, not {SessionBytes}");
}
