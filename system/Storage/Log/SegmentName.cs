using System.Globalization;

namespace SimGraph.Storage.Log;

/// <summary>File names of segments: <c>wal-0000000000000001.log</c>.</summary>
internal static class SegmentName
{
    /// <summary>Name of the file that takes the place of a segment when it is renamed.</summary>
    public const string Temporary = "wal.tmp";

    private const string Prefix = "wal-";
    private const string Suffix = ".log";
    private const int Digits = 16;

    public static string Of(ulong sequence) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{sequence:D16}{Suffix}");

    public static bool TryParse(string name, out ulong sequence)
    {
        sequence = 0;
        return name.Length == Prefix.Length + Digits + Suffix.Length
            && name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.EndsWith(Suffix, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(Prefix.Length, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out sequence)
            && sequence > 0;
    }
}
