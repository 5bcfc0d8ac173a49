// Says of most absent keys that they are absent. All probes of a key fall into one line of 64 bytes: one cache miss for a question.
// The table's number is mixed into the hash of the key, so the filter of another table answers by chance, and its block's checksum refuses it before.
// Source: Putze, Sanders, Singler, "Cache-, Hash- and Space-Efficient Bloom Filters" (2007), blocked filters; the finisher of MurmurHash3 (public domain).

using System.Buffers.Binary;
using System.IO.Hashing;

namespace SimGraph.Storage.Lsm.Tables;

/// <summary>The filter of one table. Immutable.</summary>
internal sealed class BloomFilter
{
    private const int LineBytes = 64;
    private readonly ReadOnlyMemory<byte> _lines;
    private readonly ulong _salt;
    private readonly uint _lineCount;
    private readonly int _probes;

    private BloomFilter(ReadOnlyMemory<byte> lines, int probes, ulong number)
    {
        _lines = lines;
        _lineCount = (uint)(lines.Length / LineBytes);
        _probes = probes;
        _salt = SaltOf(number);
    }

    /// <summary>The hash of a key, the same for all tables.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key);

    /// <summary>Writes the payload of a filter.</summary>
    /// <param name="target">Where.</param>
    /// <param name="hashes">Hash of each key.</param>
    /// <param name="bitsPerKey">Size; 0 for no filter.</param>
    /// <param name="number">The table's number.</param>
    public static void Build(OutputBuffer target, IReadOnlyList<ulong> hashes, int bitsPerKey, ulong number)
    {
        // 69 % of the bits for each key are the best number of probes; a line's uneven load asks for a little less.
        int probes = bitsPerKey == 0 || hashes.Count == 0 ? 0 : Math.Clamp((int)(bitsPerKey * 0.65), 1, TableLimits.ProbesMax);
        target.WriteUInt32((uint)probes);
        if (probes == 0)
        {
            return;
        }

        long lineCount = (((long)hashes.Count * bitsPerKey) + (8 * LineBytes) - 1) / (8 * LineBytes);
        int bytes = checked((int)(lineCount * LineBytes));
        Span<byte> lines = target.Reserve(bytes)[..bytes];
        lines.Clear();
        ulong salt = SaltOf(number);
        for (int index = 0; index < hashes.Count; index++)
        {
            ulong mixed = Mix(hashes[index] ^ salt);
            Span<byte> line = lines.Slice(LineOf(mixed, (uint)lineCount) * LineBytes, LineBytes);
            uint bits = (uint)mixed;
            for (int probe = 0; probe < probes; probe++)
            {
                uint bit = bits >> 23;
                line[(int)(bit >> 3)] |= (byte)(1 << (int)(bit & 7));
                bits *= 0x9E3779B1;
            }
        }

        target.Advance(bytes);
    }

    /// <summary>A filter from its payload; null if that makes no sense.</summary>
    public static BloomFilter? TryRead(ReadOnlyMemory<byte> payload, ulong number)
    {
        if (payload.Length < sizeof(uint))
        {
            return null;
        }

        uint probes = BinaryPrimitives.ReadUInt32LittleEndian(payload.Span);
        ReadOnlyMemory<byte> lines = payload[sizeof(uint)..];
        bool fits = probes == 0 ? lines.IsEmpty : probes <= TableLimits.ProbesMax && !lines.IsEmpty && lines.Length % LineBytes == 0;
        return fits ? new BloomFilter(lines, (int)probes, number) : null;
    }

    /// <summary>False: no key of this hash is in the table.</summary>
    public bool MayContain(ulong hash)
    {
        if (_probes == 0)
        {
            return true;
        }

        ulong mixed = Mix(hash ^ _salt);
        ReadOnlySpan<byte> line = _lines.Span.Slice(LineOf(mixed, _lineCount) * LineBytes, LineBytes);
        uint bits = (uint)mixed;
        for (int probe = 0; probe < _probes; probe++)
        {
            uint bit = bits >> 23;
            if ((line[(int)(bit >> 3)] & (1 << (int)(bit & 7))) == 0)
            {
                return false;
            }

            bits *= 0x9E3779B1;
        }

        return true;
    }

    private static ulong SaltOf(ulong number) => unchecked(number * 0x9E3779B97F4A7C15);

    private static int LineOf(ulong mixed, uint lineCount) => (int)((mixed >> 32) * lineCount >> 32);

    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        return hash ^ (hash >> 33);
    }
}
