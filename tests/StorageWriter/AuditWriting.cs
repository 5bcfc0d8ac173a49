using System.Globalization;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Audit;

namespace SimGraph.StorageWriter;

/// <summary>Appends events to an audit log, a few at a time, with files that rotate, are compressed and removed.</summary>
public static class AuditWriting
{
    /// <summary>Small files, of which few are kept.</summary>
    public static AuditOptions Options { get; } = new()
    {
        FileBytesMax = 3 << 10, RetentionBytesMax = 12 << 10, MaintenanceInterval = TimeSpan.FromMilliseconds(50),
    };

    /// <summary>The event of a number.</summary>
    public static AuditEvent Event(ulong number) => new()
    {
        Severity = (AuditSeverity)(number % 3),
        Actor = "writer",
        Action = "event.append",
        Resource = number.ToString(CultureInfo.InvariantCulture),
    };

    internal static async Task RunAsync(IPlatform platform, TaskScope scope, Report report, CancellationToken stop)
    {
        const int EventsAtOnce = 4;
        AuditLog log = await AuditLog.OpenAsync(platform, scope, Options, stop);
        report.Say("audit-opened", 0);
        ulong next = log.Recovered.Sequence;
        var appends = new Queue<Task<AuditPosition>>();
        while (!stop.IsCancellationRequested)
        {
            appends.Enqueue(log.AppendAsync(Event(++next), stop));
            if (appends.Count >= EventsAtOnce)
            {
                AuditPosition position = await appends.Dequeue();
                report.Say("audit", position.Sequence);
            }
        }
    }
}
