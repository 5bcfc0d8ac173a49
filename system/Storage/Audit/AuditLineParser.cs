using System.Text.Json;

namespace SimGraph.Storage.Audit;

/// <summary>Reads lines of the log, strictly: members, their order and their values are as docs/formats.md says, or there is a reason why not.</summary>
internal static class AuditLineParser
{
    /// <summary>Reads a line without its end. Null if it is good, else what is wrong with it.</summary>
    public static string? TryParse(ReadOnlySpan<byte> line, out AuditRecord record)
    {
        record = null!;
        if (AuditFormat.CheckHash(line, out string hash) is { } reason)
        {
            return reason;
        }

        try
        {
            var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 2 });
            return TryRead(ref json, hash, out record) ? null : "its hash holds, but its members are not those of an audit event";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "its hash holds, but it is not JSON";
        }
    }

    public static bool TryReadNumber(ref Utf8JsonReader json, ReadOnlySpan<byte> name, out ulong value)
    {
        value = 0;
        return TryReadName(ref json, name) && json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetUInt64(out value) && value > 0;
    }

    public static bool TryReadText(ref Utf8JsonReader json, ReadOnlySpan<byte> name, out string value)
    {
        value = string.Empty;
        if (!TryReadName(ref json, name) || !json.Read() || json.TokenType != JsonTokenType.String)
        {
            return false;
        }

        value = json.GetString()!;
        return true;
    }

    public static bool TryReadTime(ref Utf8JsonReader json, out DateTimeOffset time)
    {
        time = default;
        return TryReadText(ref json, "time"u8, out string text) && AuditFormat.TryParseTime(text, out time);
    }

    public static bool TryReadHash(ref Utf8JsonReader json, ReadOnlySpan<byte> name, out string hash) =>
        TryReadText(ref json, name, out hash) && AuditFormat.IsHash(hash);

    public static bool TryReadEnd(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.EndObject && !json.Read();

    private static bool TryRead(ref Utf8JsonReader json, string hash, out AuditRecord record)
    {
        record = null!;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject
            || !TryReadNumber(ref json, "seq"u8, out ulong sequence)
            || !TryReadNumber(ref json, "batch"u8, out ulong batch)
            || !TryReadTime(ref json, out DateTimeOffset time)
            || !TryReadSeverity(ref json, out AuditSeverity severity)
            || !TryReadText(ref json, "actor"u8, out string actor)
            || !TryReadText(ref json, "action"u8, out string action)
            || !TryReadText(ref json, "resource"u8, out string resource)
            || !TryReadOutcome(ref json, out AuditOutcome outcome)
            || !TryReadDetails(ref json, out List<KeyValuePair<string, string>> details)
            || !TryReadHash(ref json, "previous"u8, out string previous)
            || !TryReadHash(ref json, "hash"u8, out string ownHash)
            || !string.Equals(ownHash, hash, StringComparison.Ordinal)
            || !TryReadEnd(ref json))
        {
            return false;
        }

        record = new AuditRecord
        {
            Sequence = sequence,
            Batch = batch,
            Time = time,
            Severity = severity,
            Actor = actor,
            Action = action,
            Resource = resource,
            Outcome = outcome,
            Details = details,
            Previous = previous,
            Hash = hash,
        };
        return true;
    }

    private static bool TryReadName(ref Utf8JsonReader json, ReadOnlySpan<byte> name) =>
        json.Read() && json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals(name);

    private static bool TryReadSeverity(ref Utf8JsonReader json, out AuditSeverity severity)
    {
        severity = default;
        if (!TryReadText(ref json, "severity"u8, out string text))
        {
            return false;
        }

        severity = text switch
        {
            "info" => AuditSeverity.Info,
            "warning" => AuditSeverity.Warning,
            "critical" => AuditSeverity.Critical,
            _ => (AuditSeverity)(-1),
        };
        return severity >= AuditSeverity.Info;
    }

    private static bool TryReadOutcome(ref Utf8JsonReader json, out AuditOutcome outcome)
    {
        outcome = default;
        if (!TryReadText(ref json, "outcome"u8, out string text))
        {
            return false;
        }

        outcome = text switch
        {
            "success" => AuditOutcome.Success,
            "failure" => AuditOutcome.Failure,
            "denied" => AuditOutcome.Denied,
            _ => (AuditOutcome)(-1),
        };
        return outcome >= AuditOutcome.Success;
    }

    private static bool TryReadDetails(ref Utf8JsonReader json, out List<KeyValuePair<string, string>> details)
    {
        details = [];
        if (!TryReadName(ref json, "details"u8) || !json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            if (!json.Read() || json.TokenType != JsonTokenType.String
                || (details.Count > 0 && string.CompareOrdinal(details[^1].Key, name) >= 0))
            {
                return false;
            }

            details.Add(KeyValuePair.Create(name, json.GetString()!));
        }

        return json.TokenType == JsonTokenType.EndObject;
    }
}
