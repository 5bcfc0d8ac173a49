using System.Globalization;

namespace SimGraph.Storage.Snapshots;

/// <summary>File names of snapshots: <c>snapshot-00000000000000000042.snap</c>, with <c>.tmp</c> behind it while it is being written.</summary>
internal static class SnapshotName
{
    private const string Prefix = "snapshot-";
    private const string Suffix = ".snap";
    private const string TemporarySuffix = ".tmp";
    private const int Digits = 20;

    public static string Of(ulong index) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{index:D20}{Suffix}");

    public static string TemporaryOf(ulong index) => Of(index) + TemporarySuffix;

    public static bool IsTemporary(string name) =>
        name.EndsWith(TemporarySuffix, StringComparison.Ordinal) && TryParse(name[..^TemporarySuffix.Length], out _);

    public static bool TryParse(string name, out ulong index)
    {
        index = 0;
        return name.Length == Prefix.Length + Digits + Suffix.Length
            && name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.EndsWith(Suffix, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(Prefix.Length, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }
}
