using System.Globalization;

namespace SimGraph.Storage.Audit;

/// <summary>File names of the log: <c>audit-00000000000000000001.jsonl</c>, with <c>.gz</c> behind it when compressed.</summary>
internal static class AuditFileName
{
    private const string Prefix = "audit-";
    private const string Suffix = ".jsonl";
    private const string CompressedSuffix = ".gz";
    private const int Digits = 20;

    public static string Of(ulong first, bool compressed) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{first:D20}{Suffix}{(compressed ? CompressedSuffix : string.Empty)}");

    public static bool TryParse(string name, out ulong first, out bool compressed)
    {
        first = 0;
        compressed = name.EndsWith(CompressedSuffix, StringComparison.Ordinal);
        ReadOnlySpan<char> plain = compressed ? name.AsSpan(0, name.Length - CompressedSuffix.Length) : name;
        return plain.Length == Prefix.Length + Digits + Suffix.Length
            && plain.StartsWith(Prefix, StringComparison.Ordinal)
            && plain.EndsWith(Suffix, StringComparison.Ordinal)
            && ulong.TryParse(plain.Slice(Prefix.Length, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && first > 0;
    }

    /// <summary>True for files that were being written when a process died.</summary>
    public static bool IsTemporary(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(AuditFormat.TemporarySuffix, StringComparison.Ordinal);
}
