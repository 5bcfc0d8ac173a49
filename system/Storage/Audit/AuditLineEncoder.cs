// A line is put together in two steps: the callers' tasks encode (and judge) their events, the writer adds what only it knows, number and chain.

using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SimGraph.Runtime;

namespace SimGraph.Storage.Audit;

/// <summary>Writes lines of the log.</summary>
internal static class AuditLineEncoder
{
    /// <summary>Most bytes that <see cref="Append"/> adds to a body.</summary>
    public const int OverheadBytes = AuditFormat.SuffixBytes + AuditFormat.HashDigits + 80;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The members of an event, from <c>time</c> to <c>details</c>, without braces.</summary>
    /// <exception cref="ArgumentException">The event is incomplete, is not valid Unicode, or would be a line larger than the limit.</exception>
    public static byte[] EncodeBody(AuditEvent audited, DateTimeOffset time, int lineBytesMax)
    {
        Check(audited, lineBytesMax);
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, AuditFormat.Render(time));
            json.WriteString("severity"u8, AuditFormat.Render(audited.Severity));
            json.WriteString("actor"u8, audited.Actor);
            json.WriteString("action"u8, audited.Action);
            json.WriteString("resource"u8, audited.Resource);
            json.WriteString("outcome"u8, AuditFormat.Render(audited.Outcome));
            json.WriteStartObject("details"u8);
            foreach ((string name, string value) in audited.Details.OrderBy(detail => detail.Key, StringComparer.Ordinal))
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        byte[] body = buffer.WrittenSpan[1..^1].ToArray();
        return body.Length + OverheadBytes <= lineBytesMax
            ? body
            : throw new ArgumentException(
                $"the event needs a line of up to {body.Length + OverheadBytes} bytes, more than the limit of {lineBytesMax} (AuditOptions.EventBytesMax)");
    }

    /// <summary>Appends the whole line, with its end. Returns its hash.</summary>
    public static string Append(ArrayBufferWriter<byte> target, ulong sequence, ulong batch, ReadOnlySpan<byte> body, string previous)
    {
        Span<byte> line = target.GetSpan(body.Length + OverheadBytes);
        int at = 0;
        Put(AuditFormat.LineStart, line, ref at);
        Put(sequence, line, ref at);
        Put(",\"batch\":"u8, line, ref at);
        Put(batch, line, ref at);
        Put(","u8, line, ref at);
        Put(body, line, ref at);
        Put(",\"previous\":\""u8, line, ref at);
        at += Encoding.ASCII.GetBytes(previous, line[at..]);
        Put("\""u8, line, ref at);
        string hash = AuditFormat.WriteSuffix(line[..at], line.Slice(at, AuditFormat.SuffixBytes));
        at += AuditFormat.SuffixBytes;
        line[at++] = (byte)'\n';
        target.Advance(at);
        return hash;
    }

    private static void Put(ReadOnlySpan<byte> bytes, Span<byte> line, ref int at)
    {
        bytes.CopyTo(line[at..]);
        at += bytes.Length;
    }

    private static void Put(ulong number, Span<byte> line, ref int at)
    {
        Invariant.Check(Utf8Formatter.TryFormat(number, line[at..], out int written), "a line has room for its numbers");
        at += written;
    }

    private static void Check(AuditEvent audited, int lineBytesMax)
    {
        ArgumentException.ThrowIfNullOrEmpty(audited.Actor);
        ArgumentException.ThrowIfNullOrEmpty(audited.Action);
        ArgumentNullException.ThrowIfNull(audited.Resource);
        ArgumentNullException.ThrowIfNull(audited.Details);
        long bytes = Measure(audited.Actor) + Measure(audited.Action) + Measure(audited.Resource);
        foreach ((string name, string value) in audited.Details)
        {
            ArgumentNullException.ThrowIfNull(value, $"Details['{name}']");

            // Quotes, colon and comma count too, so that many tiny details cannot pass.
            bytes += Measure(name) + Measure(value) + 6;
        }

        if (bytes > lineBytesMax)
        {
            throw new ArgumentException($"the event's texts have {bytes} bytes, more than the limit of {lineBytesMax} (AuditOptions.EventBytesMax)");
        }
    }

    private static long Measure(string text)
    {
        try
        {
            return Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException("a text of the event is not valid Unicode: it holds half of a surrogate pair", exception);
        }
    }
}
