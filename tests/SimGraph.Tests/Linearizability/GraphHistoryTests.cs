using SimGraph.Properties.Linearizability;
using Xunit;

namespace SimGraph.Tests.Linearizability;

/// <summary>Small histories of a graph, good and bad, in the line format.</summary>
public sealed class GraphHistoryTests
{
    [Theory]
    [InlineData("a read of what was set", "1 call set n.p 4", "1 ok", "2 call get n.p", "2 ok 4")]
    [InlineData("0 before the first write", "2 call get n.p", "2 ok 0")]
    [InlineData("a read beside the write may see either", "1 call set n.p 4", "2 call get n.p", "2 ok 0", "3 call get n.p", "3 ok 4", "1 ok")]
    [InlineData("two sums", "1 call add n.p 1", "2 call add n.p 1", "1 ok 2", "2 ok 1")]
    [InlineData("a write without an answer that takes effect late", "1 call set n.p 4", "1 unknown", "2 call get n.p", "2 ok 0", "2 call get n.p", "2 ok 4")]
    [InlineData("a write without an answer that never does", "1 call set n.p 4", "1 unknown", "2 call get n.p", "2 ok 0")]
    [InlineData("a write that failed", "1 call set n.p 4", "1 failed", "2 call get n.p", "2 ok 0")]
    [InlineData("what an owner has", "1 call create a o", "1 ok", "1 call create b o", "1 ok", "1 call delete a", "1 ok", "2 call neighbours o", "2 ok b")]
    [InlineData("a node is created once", "1 call create a", "1 ok", "2 call create a", "2 refused")]
    [InlineData("a node is gone", "1 call create a", "1 ok", "1 call delete a", "1 ok", "2 call get a.p", "2 refused", "2 call delete a", "2 refused")]
    [InlineData("links", "1 call link a b", "1 ok", "1 call link a c", "1 ok", "1 call unlink a b", "1 ok", "2 call neighbours a", "2 ok c", "1 call unlink a b", "1 refused")]
    [InlineData("a comment and an open call", "# a comment", "1 call neighbours a")]
    public void These_are_linearizable(string what, params string[] lines)
    {
        HistoryReport report = HistoryFiles.Check("graph", ["simgraph-history 1", .. lines]);

        Assert.True(report.Verdict == Verdict.Linearizable, $"{what}: {report.Explanation}");
    }

    [Theory]
    [InlineData("a lost write", "1 call set n.p 4", "1 ok", "2 call get n.p", "2 ok 0")]
    [InlineData("a read that goes back", "1 call set n.p 4", "2 call get n.p", "2 ok 4", "3 call get n.p", "3 ok 0", "1 ok")]
    [InlineData("an increment twice", "1 call add n.p 1", "1 ok 1", "2 call get n.p", "2 ok 2")]
    [InlineData("two increments with one answer", "1 call add n.p 1", "2 call add n.p 1", "1 ok 1", "2 ok 1")]
    [InlineData("a failed write that is seen", "1 call set n.p 4", "1 failed", "2 call get n.p", "2 ok 4")]
    [InlineData("an item twice", "1 call create a o", "1 ok", "2 call neighbours o", "2 ok a a")]
    [InlineData("an item from nowhere", "1 call create a o", "1 ok", "2 call neighbours o", "2 ok a x")]
    [InlineData("a deleted item", "1 call create a o", "1 ok", "1 call delete a", "1 ok", "2 call neighbours o", "2 ok a")]
    [InlineData("a link that is gone", "1 call link a b", "1 ok", "2 call neighbours a", "2 ok")]
    [InlineData("a refusal without a reason", "1 call create a", "1 refused")]
    [InlineData("two elements that are read in no common state", "1 call create a o", "1 ok", "2 call delete a", "3 call neighbours o", "3 ok", "3 call get a.p", "3 ok 0", "2 ok")]
    public void These_are_not(string what, params string[] lines)
    {
        HistoryReport report = HistoryFiles.Check("graph", ["simgraph-history 1", .. lines]);

        Assert.True(report.Verdict == Verdict.NotLinearizable, what);
        Assert.NotNull(report.Explanation);
    }

    [Fact]
    public void What_no_operation_connects_is_judged_apart()
    {
        HistoryReport report = HistoryFiles.Check(
            "graph", "simgraph-history 1", "1 call set a.p 1", "1 ok", "1 call set a.q 1", "1 ok", "1 call create x a", "1 ok", "1 call set x.p 1", "1 ok", "1 call link b c", "1 ok");

        // The properties of a; a with x and its property, as x has not always been there; b with c.
        Assert.Equal(4, report.Partitions);
    }

    [Fact]
    public void The_explanation_of_a_stale_read_is_the_read_and_the_write_that_it_misses()
    {
        HistoryReport report = HistoryFiles.Check(
            "graph",
            "simgraph-history 1",
            "1 call set n.p 1", "1 ok", "2 call get n.p", "2 ok 1", "1 call set n.p 2", "1 ok", "3 call set m.p 9", "3 ok", "2 call get n.p", "2 ok 2", "1 call set n.p 3", "1 ok", "2 call get n.p", "2 ok 2");

        Assert.Contains("n.p: 6 operations; it breaks at line 15: client 2, get n.p: 2", report.Explanation, StringComparison.Ordinal);
        Assert.Contains("The 5 operations answered before it can be explained", report.Explanation, StringComparison.Ordinal);
        Assert.Contains("that breaks (3 operations", report.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("set n.p 1", report.Explanation, StringComparison.Ordinal);
    }
}
