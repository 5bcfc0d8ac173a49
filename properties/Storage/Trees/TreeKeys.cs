using System.Text;

namespace SimGraph.Properties.Storage.Trees;

/// <summary>The keys that workloads use: numbers, to the model strings of characters below 256, to the tree their bytes. Both are ordered alike.</summary>
internal static class TreeKeys
{
    /// <summary>Keys are numbered from 0 up to this.</summary>
    public const int Count = 48;

    // Prefixes that lie in each other, at the end of the order, and one that makes keys longer than small blocks.
    private static readonly string[] Prefixes = ["a", "ab", "abc", "\u00ff", "b" + new string('x', 150), "\0"];
    private static readonly string[] All = [.. Enumerable.Range(0, Count).Select(static number => Prefixes[number % Prefixes.Length] + (char)('0' + (number / Prefixes.Length)))];

    public static string Of(int number) => All[number % Count];

    public static byte[] BytesOf(string key) => Encoding.Latin1.GetBytes(key);

    public static string TextOf(ReadOnlySpan<byte> key) => Encoding.Latin1.GetString(key);

    /// <summary>What a prefix deletion of this key deletes: all that begins with its first character, or with what stands before its last.</summary>
    public static string PrefixOf(int number) => number % 2 == 0 || Of(number)[0] == '\u00ff' ? Of(number) : Of(number)[..^1];
}
