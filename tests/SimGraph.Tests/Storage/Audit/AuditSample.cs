using System.Globalization;
using SimGraph.Storage.Audit;

namespace SimGraph.Tests.Storage.Audit;

/// <summary>Events and options for tests.</summary>
internal static class AuditSample
{
    /// <summary>A few lines for each file.</summary>
    public static AuditOptions SmallFiles { get; } = new() { FileBytesMax = 900, EventBytesMax = 1024 };

    public static AuditEvent Event(int number) => new()
    {
        Severity = (AuditSeverity)(number % 3),
        Actor = $"actor-{number % 4}",
        Action = number % 2 == 0 ? "node.create" : "edge.delete",
        Resource = number.ToString(CultureInfo.InvariantCulture),
        Outcome = (AuditOutcome)(number / 2 % 3),
        Details = number % 5 == 0 ? new Dictionary<string, string>() : new Dictionary<string, string>
        {
            ["note"] = $"ünïcode \"quoted\" \\ {number}\n",
            ["ip"] = "10.0.0.1",
        },
    };

    public static int NumberOf(AuditRecord record) => int.Parse(record.Resource, CultureInfo.InvariantCulture);

    public static string PathOf(ulong first, bool compressed = false) => $"audit/audit-{first:D20}.jsonl{(compressed ? ".gz" : "")}";
}
