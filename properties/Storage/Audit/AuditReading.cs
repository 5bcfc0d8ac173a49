// Queries and exports of a log that is written meanwhile. A query shows exactly what matches; each export is read back, by readers that know the formats and not how they are written, and must say what the
// records say; one that its sink breaks off, or that is told to give up, says so.

using System.Text;
using System.Text.Json;
using SimGraph.Runtime;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Audit;

namespace SimGraph.Properties.Storage.Audit;

/// <summary>Reads a log in one of the ways in which it can be read.</summary>
/// <param name="platform">Its clock limits what is to give up.</param>
/// <param name="log">The log.</param>
/// <param name="retires">Whether events may be removed meanwhile.</param>
/// <param name="number">Decides how.</param>
internal sealed class AuditReading(IPlatform platform, AuditLog log, bool retires, int number)
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);
    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    /// <exception cref="AuditException">The disk failed.</exception>
    /// <exception cref="StorageViolationException">What is read is wrong.</exception>
    public async Task CheckAsync(CancellationToken stop)
    {
        List<AuditRecord> before = await ReadAsync(AuditFilter.All, stop);
        switch (number % 8)
        {
            case 0 or 1:
                await CheckFilterAsync(before, stop);
                break;
            case 2:
                await CheckGivesUpAsync(stop);
                break;
            case 3:
                await CheckBreaksOffAsync(stop);
                break;
            default:
                await CheckExportAsync((AuditExportFormat)(number % 4), stop);
                break;
        }
    }

    private static void Require(bool condition, string name, string message)
    {
        if (!condition)
        {
            throw new StorageViolationException($"audit.{name}", message);
        }
    }

    private async Task<List<AuditRecord>> ReadAsync(AuditFilter filter, CancellationToken stop)
    {
        var records = new List<AuditRecord>();
        ulong last = await log.ReadAsync(
            filter,
            record =>
            {
                records.Add(record);
                return ValueTask.FromResult(true);
            },
            stop);
        Require(last == (records.Count > 0 ? records[^1].Sequence : 0), "wrong-query", $"a query whose last event is {(records.Count > 0 ? records[^1].Sequence : 0)} says {last}");
        return records;
    }

    private async Task CheckFilterAsync(List<AuditRecord> before, CancellationToken stop)
    {
        if (before.Count == 0)
        {
            return;
        }

        AuditRecord some = before[number % before.Count];
        AuditRecord later = before[^1];
        AuditFilter filter = (number / 8 % 7) switch
        {
            0 => new AuditFilter { After = some.Sequence },
            1 => new AuditFilter { From = some.Time },
            2 => new AuditFilter { Until = some.Time },
            3 => new AuditFilter { SeverityMin = some.Severity },
            4 => new AuditFilter { Actor = some.Actor },
            5 => new AuditFilter { Action = some.Action, CountMax = retires ? long.MaxValue : 1 + (number % 3) },
            _ => new AuditFilter { Action = "event.*", SeverityMin = some.Severity, After = some.Sequence - 1 },
        };
        List<AuditRecord> found = await ReadAsync(filter, stop);
        ulong first = (await ReadAsync(AuditFilter.All, stop)) is [var oldest, ..] ? oldest.Sequence : later.Sequence + 1;
        IEnumerable<ulong> expected = before.Where(record => Matches(filter, record)).Take((int)Math.Min(filter.CountMax, int.MaxValue)).Select(static record => record.Sequence);
        Require(
            expected.Where(sequence => sequence >= first).SequenceEqual(found.Select(static record => record.Sequence).Where(sequence => sequence >= first && sequence <= later.Sequence).Take((int)Math.Min(filter.CountMax, int.MaxValue))),
            "wrong-query",
            $"{filter} over events {before[0].Sequence} to {later.Sequence} shows {string.Join(' ', found.Select(static record => record.Sequence))}");
    }

    private static bool Matches(AuditFilter filter, AuditRecord record) =>
        record.Sequence > filter.After
        && !(record.Time < filter.From)
        && !(record.Time >= filter.Until)
        && record.Severity >= filter.SeverityMin
        && (filter.Actor is null || filter.Actor == record.Actor)
        && (filter.Action is null || (filter.Action.EndsWith('*') ? record.Action.StartsWith(filter.Action[..^1], StringComparison.Ordinal) : filter.Action == record.Action));

    private async Task CheckGivesUpAsync(CancellationToken stop)
    {
        TimeSpan begun = platform.Clock.Elapsed();
        using Deadline deadline = Deadline.After(platform.Clock, GivesUpAfter, stop);
        int pieces = 0;
        try
        {
            await log.ExportAsync(
                AuditFilter.All,
                AuditExportFormat.Json,
                async (_, token) =>
                {
                    // Who takes the export stands still at the first piece, or at the last.
                    if (++pieces >= 1 + (number % 2))
                    {
                        await platform.Clock.DelayAsync(Never, token);
                    }
                },
                deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.Token.IsCancellationRequested)
        {
            Require(platform.Clock.Elapsed() - begun < Soon, "gives-up-late", $"an export ended {platform.Clock.Elapsed() - begun} after it began, and was to give up after {GivesUpAfter}");
            return;
        }

        Require(pieces == 1 && number % 2 == 1, "part-as-whole", "an export that was told to give up has ended as if it were whole");
    }

    private async Task CheckBreaksOffAsync(CancellationToken stop)
    {
        try
        {
            await log.ExportAsync(AuditFilter.All, AuditExportFormat.Json, static (_, _) => throw new IOException("the sink is gone"), stop);
        }
        catch (IOException)
        {
            return;
        }

        Require(false, "part-as-whole", "an export whose sink failed has ended as if it were whole");
    }

    private async Task CheckExportAsync(AuditExportFormat format, CancellationToken stop)
    {
        const int PieceBytes = 128 << 10;
        var exported = new List<byte>();
        int longest = 0;
        long count = await log.ExportAsync(
            AuditFilter.All,
            format,
            (piece, _) =>
            {
                longest = Math.Max(longest, piece.Length);
                exported.AddRange(piece.Span);
                return ValueTask.CompletedTask;
            },
            stop);
        Require(longest <= PieceBytes, "export-in-one-piece", $"an export of {exported.Count} bytes has a piece of {longest}");
        string text = Encoding.UTF8.GetString([.. exported]);
        List<string[]> rows = format switch
        {
            AuditExportFormat.Csv => AuditExportText.ReadCsv(text),
            AuditExportFormat.Syslog => AuditExportText.ReadSyslog(text),
            AuditExportFormat.Json => [.. JsonDocument.Parse(text).RootElement.EnumerateArray().Select(AuditExportText.FieldsOf)],
            _ => [.. AuditExportText.LinesOf(text).Select(static line => AuditExportText.FieldsOf(JsonDocument.Parse(line).RootElement))],
        };
        Require(rows.Count == count, "wrong-export", $"an export as {format} says that it has {count} events, and has {rows.Count}");

        // What became durable meanwhile, or was removed, cannot be compared.
        var records = (await ReadAsync(AuditFilter.All, stop)).ToDictionary(static record => AuditExportText.Number(record));
        string? previous = null;
        foreach (string[] row in rows)
        {
            if (records.TryGetValue(row[0], out AuditRecord? record))
            {
                string[] expected = AuditExportText.FieldsOf(record, format);
                Require(row.SequenceEqual(expected), "wrong-export", $"event {record.Sequence} is exported as {format} as {string.Join(" | ", row)}, and is {string.Join(" | ", expected)}");
                Require(previous is null || previous == record.Previous, "wrong-export", $"an export as {format} has a hole before event {record.Sequence}");
            }

            previous = row[^1];
        }
    }
}
