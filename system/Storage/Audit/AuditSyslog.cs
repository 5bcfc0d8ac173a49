// RFC 5424. Facility 13 (log audit); severities informational, warning, critical. The structured data has the event, so that nothing is lost; each
// detail is a parameter `detail` of the form name=value, because names of parameters are too narrow for names of details. Control characters are
// written as # and three octal digits, as syslog daemons do, so that a message is a line.

using System.Globalization;
using System.Text;

namespace SimGraph.Storage.Audit;

/// <summary>Renders events as syslog messages.</summary>
internal static class AuditSyslog
{
    private const int Facility = 13;
    private const int MessageIdCharsMax = 32;

    /// <summary>The enterprise number that RFC 5612 reserves for documentation: this project has none of its own.</summary>
    private const string StructuredDataId = "audit@32473";

    public static void Append(StringBuilder text, AuditRecord record)
    {
        int priority = (Facility * 8) + record.Severity switch
        {
            AuditSeverity.Critical => 2,
            AuditSeverity.Warning => 4,
            _ => 6,
        };
        string time = record.Time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        text.Append(CultureInfo.InvariantCulture, $"<{priority}>1 {time} - simgraph - ");
        AppendMessageId(text, record.Action);
        text.Append(CultureInfo.InvariantCulture, $" [{StructuredDataId} seq=\"{record.Sequence}\"");
        AppendParameter(text, "actor", record.Actor);
        AppendParameter(text, "action", record.Action);
        AppendParameter(text, "resource", record.Resource);
        AppendParameter(text, "outcome", AuditFormat.Render(record.Outcome));
        foreach ((string name, string value) in record.Details)
        {
            AppendParameter(text, "detail", $"{name}={value}");
        }

        text.Append(CultureInfo.InvariantCulture, $" previous=\"{record.Previous}\" hash=\"{record.Hash}\"] \uFEFF");
        AppendEscaped(text, $"{record.Actor} {record.Action} {record.Resource} {AuditFormat.Render(record.Outcome)}", isParameter: false);
        text.Append('\n');
    }

    private static void AppendMessageId(StringBuilder text, string action)
    {
        for (int i = 0; i < Math.Min(action.Length, MessageIdCharsMax); i++)
        {
            text.Append(action[i] is > ' ' and < '\u007F' ? action[i] : '?');
        }
    }

    private static void AppendParameter(StringBuilder text, string name, string value)
    {
        text.Append(' ').Append(name).Append("=\"");
        AppendEscaped(text, value, isParameter: true);
        text.Append('"');
    }

    private static void AppendEscaped(StringBuilder text, string value, bool isParameter)
    {
        foreach (char character in value)
        {
            if (character is < ' ' or (>= '\u007F' and < '\u00A0') or '\u2028' or '\u2029')
            {
                text.Append('#').Append(Convert.ToString(character, 8).PadLeft(3, '0'));
                continue;
            }

            if (isParameter && character is ('"' or '\\' or ']'))
            {
                text.Append('\\');
            }

            text.Append(character);
        }
    }
}
