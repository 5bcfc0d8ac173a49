using System.Diagnostics;
using SimGraph.RealCluster;
using SimGraph.RealCluster.Work;
using SimGraph.Storage.Graph;
using Xunit;

namespace SimGraph.Tests.RealCluster;

/// <summary>The parts of the real cluster's test that decide what counts.</summary>
public sealed class RealClusterPartsTests
{
    private static readonly long Second = Stopwatch.Frequency;

    [Fact]
    public void Answers_that_were_on_their_way_do_not_end_the_silence_of_a_kill()
    {
        var acknowledgements = new Acknowledgements();
        acknowledgements.Add(1 * Second, 2 * Second);
        acknowledgements.Add(9 * Second, 11 * Second);
        acknowledgements.Add(9 * Second, 18 * Second);
        Assert.False(acknowledgements.HasNewerThan(10 * Second));
        acknowledgements.Add(12 * Second, 19 * Second);
        Assert.True(acknowledgements.HasNewerThan(10 * Second));
        acknowledgements.Add(20 * Second, 90 * Second);

        Assert.Equal(TimeSpan.FromSeconds(9), acknowledgements.TakeSilence(10 * Second));
        Assert.False(acknowledgements.HasNewerThan(10 * Second));
    }

    [Fact]
    public void A_register_may_only_hold_what_was_read_or_what_is_unknown()
    {
        var cell = new Cell(new ElementId(1), "register0", "k0", isCounter: false) { Final = 5 };
        cell.MayBecome(7);

        Assert.True(cell.Allows(5));
        Assert.True(cell.Allows(7));
        Assert.False(cell.Allows(6));
        Assert.False(cell.Allows(0));
    }

    [Fact]
    public void A_counter_may_only_grow_by_what_is_unknown()
    {
        var cell = new Cell(new ElementId(1), "counter0", "k0", isCounter: true) { Final = 5 };
        cell.MayBecome(2);
        cell.MayBecome(3);

        Assert.True(cell.Allows(5));
        Assert.True(cell.Allows(10));
        Assert.False(cell.Allows(11));
        Assert.False(cell.Allows(4));
    }

    [Theory]
    [InlineData(2, 200, 1000)]
    [InlineData(3, 0, 1000)]
    [InlineData(3, 200, 10)]
    public void Options_that_make_no_sense_are_refused(int nodes, int kills, int electionTimeoutMs)
    {
        var options = new RealClusterOptions { Nodes = nodes, Kills = kills, ElectionTimeout = TimeSpan.FromMilliseconds(electionTimeoutMs) };

        Assert.Throws<ArgumentException>(options.Validate);
    }
}
