using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace SimGraph.Properties.Linearizability;

/// <summary>Hashes of states, equal in every process.</summary>
internal static class StateHash
{
    public static ulong Of(string text) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()));

    public static ulong Of(string text, long value) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()), value);

    /// <summary>The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).</summary>
    public static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
