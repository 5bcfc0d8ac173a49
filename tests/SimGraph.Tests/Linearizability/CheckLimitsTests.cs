using System.Globalization;
using SimGraph.Properties.Linearizability;
using Xunit;

namespace SimGraph.Tests.Linearizability;

/// <summary>A check that reaches a limit says so, and never guesses.</summary>
public sealed class CheckLimitsTests
{
    /// <summary>Many writes of unknown outcome, and a read that no order of them explains: the search must try all of them.</summary>
    private static readonly string[] Hard =
    [
        .. Enumerable.Range(0, 18).SelectMany(client => (string[])[Line(client, ":invoke :cas", $"[{client} {client + 1}]"), Line(client, ":info :cas", ":timed-out")]),
        .. Enumerable.Range(100, 18).SelectMany(client => (string[])[Line(client, ":invoke :write", $"{client % 18}"), Line(client, ":info :write", ":timed-out")]),
        Line(50, ":invoke :read", "nil"),
        Line(50, ":ok :read", "77"),
    ];

    [Fact]
    public void At_the_limit_of_steps_the_verdict_is_unknown()
    {
        HistoryReport report = HistoryFiles.Model("register").Check("test", Hard, new CheckLimits { StepsMax = 5000 });

        Assert.Equal((Verdict.Unknown, null, null), (report.Verdict, report.Explanation, report.Picture));
    }

    [Fact]
    public void At_the_limit_of_memory_the_verdict_is_unknown()
    {
        HistoryReport report = HistoryFiles.Model("register").Check("test", Hard, new CheckLimits { MemoryBytesMax = 1 << 20 });

        Assert.Equal(Verdict.Unknown, report.Verdict);
        Assert.InRange(report.States, 1000, 20_000);
    }

    [Fact]
    public void At_the_deadline_the_verdict_is_unknown()
    {
        int looks = 0;
        HistoryReport report = HistoryFiles.Model("register").Check("test", Hard, new CheckLimits { IsTimeUp = () => ++looks > 3 });

        Assert.Equal(Verdict.Unknown, report.Verdict);
        Assert.Equal(4, looks);
    }

    [Fact]
    public void An_unclear_part_does_not_hide_a_broken_one()
    {
        string[] lines =
        [
            .. Enumerable.Range(0, 24).SelectMany(client => (string[])[KeyValue(client, ":invoke", ":append", "a", $"\"{client}.\""), KeyValue(client, ":info", ":append", "a", $"\"{client}.\"")]),
            KeyValue(50, ":invoke", ":get", "a", "nil"), KeyValue(50, ":ok", ":get", "a", "\"x\""),
            KeyValue(50, ":invoke", ":get", "b", "nil"), KeyValue(50, ":ok", ":get", "b", "\"x\""),
        ];

        HistoryReport report = HistoryFiles.Model("kv").Check("test", lines, new CheckLimits { MemoryBytesMax = 1 << 20 });

        Assert.Equal((Verdict.NotLinearizable, 2), (report.Verdict, report.Partitions));
    }

    [Fact]
    public void Limits_that_make_no_sense_are_refused() =>
        Assert.Throws<ArgumentException>(() => HistoryFiles.Model("register").Check("test", Hard, new CheckLimits { StepsMax = 0 }));

    private static string Line(int client, string what, string value) => string.Create(CultureInfo.InvariantCulture, $"INFO  jepsen.util - {client} {what} {value}");

    private static string KeyValue(int client, string type, string what, string key, string value) =>
        string.Create(CultureInfo.InvariantCulture, $"{{:process {client}, :type {type}, :f {what}, :key \"{key}\", :value {value}}}");
}
