using SimGraph.Simulation.Exploration.Guidance;
using Xunit;

namespace SimGraph.Tests.Guidance;

public sealed class PairCensusTests
{
    [Fact]
    public void What_was_seen_once_says_how_much_is_unseen()
    {
        var census = new PairCensus();
        Assert.Equal(1, census.NewChance);
        census.Add([1, 2, 5]);
        census.Add([2, 3]);
        census.Add([3, 2]);
        census.Add([2]);

        // Once: 1 and 5. Twice: 3.
        Assert.Equal((4L, 4), (census.Runs, census.Pairs));
        Assert.Equal(2.0 / 4, census.NewChance);
        Assert.Equal(2.0 * 2 / (2 * 1), census.UnseenLeast);
    }

    [Fact]
    public void When_everything_was_seen_often_nothing_new_is_to_be_expected()
    {
        var census = new PairCensus();
        for (int i = 0; i < 10; i++)
        {
            census.Add([1, 2, 3]);
        }

        Assert.Equal((0, 0), (census.NewChance, census.UnseenLeast));
    }
}
