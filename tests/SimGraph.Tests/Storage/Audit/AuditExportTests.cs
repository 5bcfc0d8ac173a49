using System.Text;
using System.Text.Json;
using SimGraph.Storage.Audit;
using Xunit;

namespace SimGraph.Tests.Storage.Audit;

public sealed class AuditExportTests
{
    private static readonly AuditEvent Nasty = new()
    {
        Severity = AuditSeverity.Critical,
        Actor = "=HYPERLINK(\"http://x\")",
        Action = "a, \"b\"\r\nc",
        Resource = "@r]\\",
        Outcome = AuditOutcome.Denied,
        Details = new Dictionary<string, string> { ["k \"]"] = "v\u2028\u0007é" },
    };

    private static async Task<string> ExportAsync(OpenedAudit log, AuditExportFormat format, AuditFilter? filter = null)
    {
        using var target = new MemoryStream();
        await log.Log.ExportAsync(
            filter ?? AuditFilter.All,
            format,
            (piece, _) =>
            {
                target.Write(piece.Span);
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        return Encoding.UTF8.GetString(target.ToArray());
    }

    [Fact]
    public async Task JSON_lines_are_the_lines_of_the_log_and_JSON_is_an_array_of_them()
    {
        var disk = new MemoryDisk();
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk);
        Assert.Equal("[\n]\n", await ExportAsync(log, AuditExportFormat.Json));
        Assert.Equal("", await ExportAsync(log, AuditExportFormat.JsonLines));
        await log.AppendAsync(1, 400);
        await log.AppendAsync(Nasty);
        string lines = Encoding.UTF8.GetString(disk.Get(AuditSample.PathOf(1)));
        Assert.Equal(lines, await ExportAsync(log, AuditExportFormat.JsonLines));
        string json = await ExportAsync(log, AuditExportFormat.Json);
        Assert.Equal(401, JsonDocument.Parse(json).RootElement.GetArrayLength());
        Assert.Equal("[\n" + lines.TrimEnd('\n').Replace("\n", ",\n", StringComparison.Ordinal) + "\n]\n", json);
        Assert.Equal(199, JsonDocument.Parse(await ExportAsync(log, AuditExportFormat.Json, new AuditFilter { After = 202 })).RootElement.GetArrayLength());
    }

    [Fact]
    public async Task CSV_follows_RFC_4180_and_holds_no_formula()
    {
        var disk = new MemoryDisk();
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk);
        AuditPosition position = await log.AppendAsync(Nasty);
        string csv = await ExportAsync(log, AuditExportFormat.Csv);
        List<string[]> rows = ParseCsv(csv);
        Assert.Equal("seq,time,severity,actor,action,resource,outcome,details,previous,hash".Split(','), rows[0]);
        Assert.Equal(
            ["1", "2026-11-23T03:00:00.0000000Z", "critical", "'" + Nasty.Actor, Nasty.Action, "'" + Nasty.Resource, "denied"], rows[1][..7]);
        Assert.Equal(Nasty.Details["k \"]"], JsonDocument.Parse(rows[1][7]).RootElement.GetProperty("k \"]").GetString());
        Assert.Equal([new string('0', 64), position.Hash], rows[1][8..]);
        foreach (string start in (string[])["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
        {
            await log.AppendAsync(Nasty with { Actor = start + "1" });
        }

        Assert.All(ParseCsv(await ExportAsync(log, AuditExportFormat.Csv)).Skip(2), row => Assert.StartsWith("'", row[3], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Syslog_messages_follow_RFC_5424_one_in_a_line()
    {
        var disk = new MemoryDisk();
        await using OpenedAudit log = await OpenedAudit.OpenAsync(disk);
        AuditPosition position = await log.AppendAsync(Nasty);
        await log.AppendAsync(AuditSample.Event(4));
        string[] lines = (await ExportAsync(log, AuditExportFormat.Syslog)).Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal(
            "<106>1 2026-11-23T03:00:00.000000Z - simgraph - a,?\"b\"??c [audit@32473 seq=\"1\" actor=\"=HYPERLINK(\\\"http://x\\\")\" " +
            "action=\"a, \\\"b\\\"#015#012c\" resource=\"@r\\]\\\\\" outcome=\"denied\" detail=\"k \\\"\\]=v#20050#007é\" " +
            $"previous=\"{new string('0', 64)}\" hash=\"{position.Hash}\"] \uFEFF=HYPERLINK(\"http://x\") a, \"b\"#015#012c @r]\\ denied",
            lines[0]);
        Assert.StartsWith("<108>1 ", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_format_is_refused()
    {
        await using OpenedAudit log = await OpenedAudit.OpenAsync(new MemoryDisk());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => ExportAsync(log, (AuditExportFormat)9));
    }

    // RFC 4180, section 2, read strictly.
    private static List<string[]> ParseCsv(string text)
    {
        var rows = new List<string[]>();
        var row = new List<string>();
        for (int at = 0; at < text.Length;)
        {
            var field = new StringBuilder();
            if (text[at] == '"')
            {
                for (at++; text[at] != '"' || (at + 1 < text.Length && text[at + 1] == '"'); at++)
                {
                    field.Append(text[at]);
                    at += text[at] == '"' ? 1 : 0;
                }

                at++;
            }
            else
            {
                for (; text[at] is not (',' or '\r'); at++)
                {
                    Assert.NotEqual('"', text[at]);
                    field.Append(text[at]);
                }
            }

            row.Add(field.ToString());
            if (text[at] == ',')
            {
                at++;
                continue;
            }

            Assert.Equal("\r\n", text.Substring(at, 2));
            at += 2;
            rows.Add([.. row]);
            row.Clear();
        }

        Assert.Empty(row);
        return rows;
    }
}
