using SimGraph.Storage.Audit;

namespace SimGraph.Properties.Storage.Audit;

/// <summary>What the events of workloads say: everything but their padding follows from the resource. Texts that formats have to escape, and some beside those.</summary>
internal static class AuditTexts
{
    private static readonly string[] Starts =
        ["", "=", "+", ",", "-", ".", "@", "A", "\t", "\n", "\v", "\r", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20", "\"", "'", "\\", "]", "#", "\u007F", "\u00A0", "\u2028", "\u00E9", "*", "<", ">", "?", "`"];

    public static IReadOnlyList<string> Actions { get; } = ["event.append", "event.other", "a b", "\"action\",\r\n"];

    public static AuditEvent Event(string resource, int size) => new()
    {
        Severity = (AuditSeverity)(Number(resource) % 3),
        Actor = ActorOf(resource),
        Action = ActionOf(resource),
        Resource = resource,
        Outcome = (AuditOutcome)(Number(resource) % 5 % 3),
        Details = size == 0
            ? new Dictionary<string, string>()
            : new Dictionary<string, string> { ["padding"] = new('p', size), ["a\"="] = ActorOf(resource), ["b"] = "\u0001\u001F\\]" },
    };

    /// <summary>Whether a record says what the event said that has its resource.</summary>
    public static bool IsRight(AuditRecord record) =>
        record.Actor == ActorOf(record.Resource)
        && record.Action == ActionOf(record.Resource)
        && record.Severity == (AuditSeverity)(Number(record.Resource) % 3)
        && record.Outcome == (AuditOutcome)(Number(record.Resource) % 5 % 3)
        && (record.Details.Count == 0 || (record.Details.Count == 3 && record.Details[0].Value == record.Actor && record.Details[1].Value == "\u0001\u001F\\]"));

    private static string ActorOf(string resource) => $"{Starts[Number(resource) % Starts.Length]}w\"o,r]k{Starts[Number(resource) / 3 % Starts.Length]}";

    private static string ActionOf(string resource) => Actions[Number(resource) % Actions.Count];

    // The number at the end of it.
    private static int Number(string resource)
    {
        int number = 0;
        foreach (char character in resource)
        {
            number = char.IsAsciiDigit(character) ? (((number * 10) + character - '0') % 1_000_000) : 0;
        }

        return number;
    }
}
