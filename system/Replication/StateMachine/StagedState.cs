// A leader's snapshot on its way in: it goes into tables of their own as it arrives, so memory stays bounded and the state in use is not touched. Only when it is whole, and the
// consensus core wants it, does one edit of the tree put it in the place of what was there.

using System.Buffers.Binary;
using System.IO.Hashing;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;

namespace SimGraph.Replication.StateMachine;

/// <summary>A received state that is not in use yet. One owner at a time; ends by being installed or abandoned.</summary>
internal sealed class StagedState(LogPosition position, LsmReplacement replacement, long bytesMax)
{
    private long _length;

    /// <summary>The last entry that is in it.</summary>
    public LogPosition Position => position;

    /// <summary>Bytes that arrived.</summary>
    public long Length => _length;

    /// <summary>Hash of them: of each chunk, seeded with that of the one before.</summary>
    public ulong Hash { get; private set; }

    /// <summary>True once <see cref="CompleteAsync"/> found it whole.</summary>
    public bool IsComplete { get; private set; }

    internal LsmReplacement Replacement => replacement;

    /// <summary>Adds the pairs of a chunk.</summary>
    /// <exception cref="FormatException">They are none, not in order, or too many.</exception>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken)
    {
        _length += chunk.Length;
        if (chunk.IsEmpty || _length > bytesMax || IsComplete)
        {
            throw new FormatException($"a chunk of {chunk.Length} bytes, {_length} bytes in all, where {bytesMax} are allowed");
        }

        Hash = NextHash(Hash, chunk.Span);
        ReadOnlyMemory<byte> rest = chunk;
        while (!rest.IsEmpty)
        {
            (int key, int value) = ReadHead(rest.Span);
            await replacement.AddAsync(rest.Slice(FrozenState.PairHeadBytes, key), rest.Slice(FrozenState.PairHeadBytes + key, value), cancellationToken);
            rest = rest[(FrozenState.PairHeadBytes + key + value)..];
        }
    }

    /// <summary>Everything has arrived: makes it durable.</summary>
    /// <exception cref="FormatException">It is not what was sent.</exception>
    public async Task CompleteAsync(ulong length, ulong hash, CancellationToken cancellationToken)
    {
        if ((ulong)_length != length || Hash != hash)
        {
            throw new FormatException($"the state at {position} arrived as {_length} bytes, and not as the {length} bytes that were sent");
        }

        await replacement.FinishAsync(cancellationToken);
        IsComplete = true;
    }

    /// <summary>Throws it away. Idempotent.</summary>
    public async Task AbandonAsync() => await replacement.AbandonAsync();

    /// <summary>The hash of a sequence of chunks, from that of all but the last.</summary>
    public static ulong NextHash(ulong before, ReadOnlySpan<byte> chunk) => XxHash3.HashToUInt64(chunk, unchecked((long)before));

    /// <summary>Lengths of the next pair, which must be in the rest of its chunk as a whole.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static (int Key, int Value) ReadHead(ReadOnlySpan<byte> rest)
    {
        if (rest.Length >= FrozenState.PairHeadBytes)
        {
            uint key = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            uint value = BinaryPrimitives.ReadUInt32LittleEndian(rest[sizeof(uint)..]);
            if ((long)key + value <= rest.Length - FrozenState.PairHeadBytes)
            {
                return ((int)key, (int)value);
            }
        }

        throw new FormatException($"a pair of the state ends behind its chunk, of which {rest.Length} bytes are left");
    }
}
