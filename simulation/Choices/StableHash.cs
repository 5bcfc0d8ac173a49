using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.IO.Hashing;

namespace SimGraph.Simulation.Choices;

/// <summary>Hashes that are equal in every process and on every machine of one byte order.</summary>
internal static class StableHash
{
    private const ulong First = 0x9E3779B97F4A7C15;
    private const ulong Second = 0xBF58476D1CE4E5B9;
    private const ulong Third = 0x94D049BB133111EB;

    public static ulong Of(string text) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()));

    /// <summary>The finalizer of SplitMix64 (Steele, Lea and Flood, 2014): every input bit reaches every output bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong value)
    {
        value += First;
        value = (value ^ (value >> 30)) * Second;
        value = (value ^ (value >> 27)) * Third;
        return value ^ (value >> 31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Combine(ulong left, ulong right) => Mix(left ^ (right * Second));
}
