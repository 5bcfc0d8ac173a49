// What docs/formats.md says about the audit log, as constants and small functions.

using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SimGraph.Storage.Audit;

/// <summary>Limits, literals and the hash of the audit log's format.</summary>
internal static class AuditFormat
{
    public const int LineBytesMax = 1 << 20;
    public const int BatchBytesMax = 16 << 20;
    public const int HashBytes = 32;
    public const int HashDigits = 64;
    public const string AnchorName = "audit-anchor.json";
    public const string TemporarySuffix = ".tmp";

    /// <summary>Bytes behind those that the hash covers: <c>,"hash":"…"}</c>.</summary>
    public const int SuffixBytes = HashDigits + 11;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>What line 1 names as the hash before it.</summary>
    public static readonly string Genesis = new('0', HashDigits);

    public static ReadOnlySpan<byte> LineStart => "{\"seq\":"u8;

    private static ReadOnlySpan<byte> HashOpening => ",\"hash\":\""u8;

    private static ReadOnlySpan<byte> HashClosing => "\"}"u8;

    public static string HashOf(ReadOnlySpan<byte> covered)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        SHA256.HashData(covered, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>Writes the suffix for what was covered. Returns the hash.</summary>
    public static string WriteSuffix(ReadOnlySpan<byte> covered, Span<byte> suffix)
    {
        string hash = HashOf(covered);
        HashOpening.CopyTo(suffix);
        Encoding.ASCII.GetBytes(hash, suffix[HashOpening.Length..]);
        HashClosing.CopyTo(suffix[(HashOpening.Length + HashDigits)..]);
        return hash;
    }

    /// <summary>Splits a line, without its end, and checks its hash. Null if it holds, else the reason.</summary>
    public static string? CheckHash(ReadOnlySpan<byte> line, out string hash)
    {
        hash = string.Empty;
        if (line.Length <= SuffixBytes || !line.StartsWith(LineStart))
        {
            return "it is not a line of this log";
        }

        ReadOnlySpan<byte> suffix = line[^SuffixBytes..];
        if (!suffix.StartsWith(HashOpening) || !suffix.EndsWith(HashClosing))
        {
            return "it does not end with its hash";
        }

        hash = HashOf(line[..^SuffixBytes]);
        Span<byte> expected = stackalloc byte[HashDigits];
        Encoding.ASCII.GetBytes(hash, expected);
        return suffix.Slice(HashOpening.Length, HashDigits).SequenceEqual(expected) ? null : "its hash is not that of its bytes";
    }

    public static bool IsHash(string text) => text.Length == HashDigits && !text.AsSpan().ContainsAnyExcept(HexDigits);

    public static string Render(DateTimeOffset time) => time.ToUniversalTime().ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static bool TryParseTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    public static string Render(AuditSeverity severity) => severity switch
    {
        AuditSeverity.Info => "info",
        AuditSeverity.Warning => "warning",
        AuditSeverity.Critical => "critical",
        _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, "unknown severity"),
    };

    public static string Render(AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Success => "success",
        AuditOutcome.Failure => "failure",
        AuditOutcome.Denied => "denied",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "unknown outcome"),
    };
}
