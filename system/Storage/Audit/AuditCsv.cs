// RFC 4180. Spreadsheets take a field that begins with one of = + - @, a tab or a carriage return for a formula, so an apostrophe goes in front of it
// (OWASP, "CSV Injection"), and every text field is quoted.

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SimGraph.Storage.Audit;

/// <summary>Renders events as rows.</summary>
internal static class AuditCsv
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void AppendHeader(StringBuilder text) =>
        text.Append("seq,time,severity,actor,action,resource,outcome,details,previous,hash\r\n");

    public static void Append(StringBuilder text, AuditRecord record)
    {
        text.Append(CultureInfo.InvariantCulture, $"{record.Sequence},{AuditFormat.Render(record.Time)},{AuditFormat.Render(record.Severity)},");
        AppendQuoted(text, record.Actor);
        AppendQuoted(text, record.Action);
        AppendQuoted(text, record.Resource);
        text.Append(CultureInfo.InvariantCulture, $"{AuditFormat.Render(record.Outcome)},");
        AppendQuoted(text, DetailsOf(record));
        text.Append(CultureInfo.InvariantCulture, $"{record.Previous},{record.Hash}\r\n");
    }

    private static string DetailsOf(AuditRecord record)
    {
        if (record.Details.Count == 0)
        {
            return string.Empty;
        }

        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Compact))
        {
            json.WriteStartObject();
            foreach ((string name, string value) in record.Details)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void AppendQuoted(StringBuilder text, string field)
    {
        text.Append('"');
        if (field.Length > 0 && field[0] is ('=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20'))
        {
            text.Append('\'');
        }

        foreach (char character in field)
        {
            text.Append(character);
            if (character == '"')
            {
                text.Append('"');
            }
        }

        text.Append("\",");
    }
}
