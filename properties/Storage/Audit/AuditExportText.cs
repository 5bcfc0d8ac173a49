using System.Globalization;
using System.Text;
using System.Text.Json;
using SimGraph.Storage.Audit;

namespace SimGraph.Properties.Storage.Audit;

/// <summary>Reads exports, as those do who get them: number, actor, action, resource and hash of each event.</summary>
internal static class AuditExportText
{
    // What a spreadsheet takes for the beginning of a formula.
    private const string FormulaStarts = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    public static string Number(AuditRecord record) => record.Sequence.ToString(CultureInfo.InvariantCulture);

    /// <summary>What an export in a format must say of a record.</summary>
    public static string[] FieldsOf(AuditRecord record, AuditExportFormat format)
    {
        Func<string, string> shown = format switch
        {
            AuditExportFormat.Csv => static field => field.Length > 0 && FormulaStarts.Contains(field[0], StringComparison.Ordinal) ? $"'{field}" : field,
            AuditExportFormat.Syslog => Printable,
            _ => static field => field,
        };
        return [Number(record), shown(record.Actor), shown(record.Action), shown(record.Resource), record.Hash];
    }

    public static string[] FieldsOf(JsonElement line) =>
    [
        line.GetProperty("seq").GetRawText(), Text(line, "actor"), Text(line, "action"), Text(line, "resource"), Text(line, "hash"),
    ];

    /// <summary>The lines, each of which has an end.</summary>
    public static string[] LinesOf(string text) => text.Length == 0 ? []
        : text[^1] == '\n' ? text[..^1].Split('\n')
        : throw new StorageViolationException("audit.wrong-export", "the last line has no end");

    /// <summary>RFC 4180, with every text in quotes.</summary>
    public static List<string[]> ReadCsv(string text)
    {
        var rows = new List<string[]>();
        var row = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char character = text[i];
            if (quoted ? character != '"' : character is not ('"' or ',' or '\r'))
            {
                field.Append(character);
            }
            else if (character == '"')
            {
                bool isDouble = quoted && i + 1 < text.Length && text[i + 1] == '"';
                i += isDouble ? 1 : 0;
                field.Append(isDouble ? "\"" : string.Empty);
                quoted = isDouble || !quoted;
            }
            else
            {
                row.Add(field.ToString());
                field.Clear();
                if (character == '\r')
                {
                    i++;
                    rows.Add([.. row]);
                    row.Clear();
                }
            }
        }

        string[] header = ["seq", "time", "severity", "actor", "action", "resource", "outcome", "details", "previous", "hash"];
        return rows.Count > 0 && rows[0].SequenceEqual(header) && rows.TrueForAll(cells => cells.Length == header.Length) && field.Length == 0
            ? [.. rows.Skip(1).Select(static cells => (string[])[cells[0], cells[3], cells[4], cells[5], cells[9]])]
            : throw new StorageViolationException("audit.wrong-export", $"it is no table: {text}");
    }

    /// <summary>RFC 5424: the parameters of the structured data.</summary>
    public static List<string[]> ReadSyslog(string text) => [.. LinesOf(text).Select(static line =>
    {
        if (line.Any(static character => char.IsControl(character)))
        {
            throw new StorageViolationException("audit.wrong-export", $"a message has a control character: {line}");
        }

        return (string[])[Parameter(line, "seq"), Parameter(line, "actor"), Parameter(line, "action"), Parameter(line, "resource"), Parameter(line, "hash")];
    })];

    private static string Text(JsonElement line, string member) => line.GetProperty(member).GetString()!;

    private static string Parameter(string line, string name)
    {
        int at = line.IndexOf($" {name}=\"", StringComparison.Ordinal);
        if (at < 0)
        {
            throw new StorageViolationException("audit.wrong-export", $"a message has no parameter {name}: {line}");
        }

        var value = new StringBuilder();
        for (at += name.Length + 3; line[at] != '"'; at++)
        {
            at += line[at] == '\\' ? 1 : 0;
            value.Append(line[at]);
        }

        return value.ToString();
    }

    // A control character, or another end of a line, as # and its octal number.
    private static string Printable(string text) => string.Concat(text.Select(static character =>
        char.IsControl(character) || character is '\u2028' or '\u2029' ? $"#{Convert.ToString(character, 8).PadLeft(3, '0')}" : character.ToString()));
}
