using System.Buffers;
using System.Text.Json;

namespace SimGraph.Storage.Audit;

/// <summary>Where the kept chain begins: number of its first line, and the hash of the line before, which is gone.</summary>
internal sealed record AuditAnchor(ulong Sequence, string Previous)
{
    /// <summary>Nothing was removed.</summary>
    public static AuditAnchor Genesis { get; } = new(1, AuditFormat.Genesis);

    public byte[] Encode(DateTimeOffset time)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("seq"u8, Sequence);
            json.WriteString("previous"u8, Previous);
            json.WriteString("time"u8, AuditFormat.Render(time));
            json.WriteEndObject();
        }

        ReadOnlySpan<byte> covered = buffer.WrittenSpan[..^1];
        byte[] line = new byte[covered.Length + AuditFormat.SuffixBytes + 1];
        covered.CopyTo(line);
        AuditFormat.WriteSuffix(covered, line.AsSpan(covered.Length));
        line[^1] = (byte)'\n';
        return line;
    }

    /// <summary>Reads a whole file. Null if it is good, else what is wrong with it.</summary>
    public static string? TryParse(ReadOnlySpan<byte> file, out AuditAnchor anchor)
    {
        anchor = Genesis;
        if (file.IsEmpty || file[^1] != (byte)'\n')
        {
            return "it does not end";
        }

        if (AuditFormat.CheckHash(file[..^1], out string hash) is { } reason)
        {
            return reason;
        }

        try
        {
            var json = new Utf8JsonReader(file[..^1], new JsonReaderOptions { MaxDepth = 1 });
            if (json.Read() && json.TokenType == JsonTokenType.StartObject
                && AuditLineParser.TryReadNumber(ref json, "seq"u8, out ulong sequence)
                && AuditLineParser.TryReadHash(ref json, "previous"u8, out string previous)
                && AuditLineParser.TryReadTime(ref json, out _)
                && AuditLineParser.TryReadHash(ref json, "hash"u8, out string own)
                && string.Equals(own, hash, StringComparison.Ordinal)
                && AuditLineParser.TryReadEnd(ref json))
            {
                anchor = new AuditAnchor(sequence, previous);
                return null;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "its hash holds, but it is not JSON";
        }

        return "its hash holds, but its members are not those of an anchor";
    }
}
