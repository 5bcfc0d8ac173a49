using SimGraph.Soak.FineLane;
using SimGraph.Soak.FineLane.Zoom;
using Xunit;

namespace SimGraph.Tests.Coyote;

/// <summary>The files of a zoom come back as they were, and say what is wrong with them.</summary>
public sealed class ZoomFileTests
{
    private static readonly ZoomFile File = new(
        new ZoomHead
        {
            Format = ZoomHead.PresentFormat,
            Scenario = "storage-wal",
            Profile = "swarm",
            Seed = ulong.MaxValue,
            Violation = "wal.acknowledged-lost",
            Machine = "storage",
            Component = "wal",
            From = 3,
            Until = 99,
            LeftOut = 7,
        },
        [
            Call(1, "open") with { Arguments = new SortedDictionary<string, long[]> { ["position"] = [0, 0, 12], ["state"] = [] } },
            Call(5, "append") with { Outcome = ZoomOutcome.Cancelled, Ended = 9, Caller = "replica-1/loop#7", Step = 40 },
        ]);

    [Fact]
    public void A_file_comes_back_as_it_was()
    {
        string text = File.ToText();
        ZoomFile read = ZoomFile.Parse(text);
        Assert.Equal(File.Head, read.Head);
        Assert.Equal(text, read.ToText());
        Assert.Equal(1, read.Lives);
        Assert.Equal(3, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal([0, 0, 12], read.Calls[0].ValuesOf("position"));
        Assert.Equal((ZoomOutcome.Cancelled, 9, "replica-1/loop#7"), (read.Calls[1].Outcome, read.Calls[1].Ended, read.Calls[1].Caller));
    }

    [Theory]
    [InlineData("simgraph-zoom 1", "simgraph-zoom 9", "line 1: the format is 'simgraph-zoom 9'")]
    [InlineData("\"component\":\"wal\"", "\"component\":\"war\"", "line 1: there is no component 'war'")]
    [InlineData("\"machine\"", "\"maschine\"", "line 1: ")]
    [InlineData("\"number\":5", "\"number\":1", "line 3: the numbers must grow")]
    [InlineData("\"call\":\"open\"", "\"call\":\"append\"", "line 2: life 1 has not begun with 'open'")]
    [InlineData("\"call\":\"append\"", "\"call\":\"open\"", "line 3: life 1 has begun already")]
    [InlineData("\"Cancelled\"", "\"Confused\"", "line 3: ")]
    [InlineData("\"caller\":\"replica-1/loop#7\"", "\"caller\":null", "line 3: ")]
    [InlineData("\"call\":\"append\",", "", "line 3: ")]
    [InlineData("{\"number\":5", "number 5", "line 3: ")]
    public void A_damaged_file_says_where(string good, string bad, string problem)
    {
        string text = File.ToText();
        Assert.Contains(good, text, StringComparison.Ordinal);
        FormatException refused = Assert.Throws<FormatException>(() => ZoomFile.Parse(text.Replace(good, bad, StringComparison.Ordinal)));
        Assert.StartsWith(problem, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_verdict_comes_back_as_it_was()
    {
        ZoomVerdict[] verdicts = [new(100, null, null), new(7, "/a/b.trace", "Deadlock.\n  at X")];
        foreach (ZoomVerdict verdict in verdicts)
        {
            Assert.True(ZoomVerdict.TryParse(verdict.ToText(), out ZoomVerdict? read));
            Assert.Equal(verdict, read);
        }

        Assert.False(ZoomVerdict.TryParse(string.Empty, out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("{\"a\":1}\n{\"b\":2}")]
    public void A_trace_keeps_what_its_scenario_was_made_from(string? input)
    {
        FineLaneTrace trace = new() { Program = "P", Configuration = "Debug", Test = "T.M", Name = "n", Input = input, Trace = "{\n\n}\n" };
        Assert.True(FineLaneTrace.TryParse(trace.ToText(), out FineLaneTrace? read));
        Assert.Equal(trace, read);
    }

    [Theory]
    [InlineData("input 3")]
    [InlineData("input 9999999999")]
    [InlineData("input x")]
    [InlineData("other")]
    public void A_trace_with_a_damaged_input_is_refused(string line)
    {
        string text = new FineLaneTrace { Program = "P", Configuration = "Debug", Test = "T.M", Name = "n", Input = "{}\n{}", Trace = "{}" }.ToText();
        Assert.Throws<FormatException>(() => FineLaneTrace.TryParse(text.Replace("input 2", line, StringComparison.Ordinal), out _));
    }

    private static ZoomCall Call(int number, string call) => new()
    {
        Number = number,
        Step = number,
        Life = 1,
        Caller = "main#1",
        Call = call,
        Outcome = ZoomOutcome.Done,
        Arguments = new SortedDictionary<string, long[]>(),
    };
}
