using System.Globalization;

namespace SimGraph.Storage.Lsm.Versions;

/// <summary>Names of the files of a tree.</summary>
internal static class TreeFiles
{
    public const string Manifest = "MANIFEST";
    public const string NextManifest = "MANIFEST.tmp";
    private const string Prefix = "table-";
    private const string Suffix = ".sst";
    private const int Digits = 16;

    public static string TableOf(ulong number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:D16}{Suffix}");

    public static bool TryParseTable(string name, out ulong number)
    {
        number = 0;
        return name.Length == Prefix.Length + Digits + Suffix.Length
            && name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.EndsWith(Suffix, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(Prefix.Length, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
