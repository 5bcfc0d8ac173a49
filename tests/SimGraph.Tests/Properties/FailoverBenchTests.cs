using SimGraph.Properties.Bench;
using SimGraph.Simulation.Exploration;
using Xunit;

namespace SimGraph.Tests.Properties;

public sealed class FailoverBenchTests
{
    /// <summary>In virtual time, so the numbers are those of the seeds and not of the machine.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Half_of_all_clients_are_served_again_within_one_and_a_half_election_timeouts(int nodes)
    {
        var waits = new List<TimeSpan>();
        TimeSpan electionTimeout = TimeSpan.Zero;
        for (ulong seed = 1; seed <= 3; seed++)
        {
            FailoverOutcome outcome = new FailoverBench().Run(
                new ScenarioRequest { Seed = seed, Profile = Profiles.Performance }, new FailoverLoad(nodes, Clients: 2, Crashes: 30, LeaderEnd.Killed));
            Assert.Null(outcome.Result.Violation);
            Assert.Equal(30, outcome.Elections.Count);
            Assert.Equal(60, outcome.Unavailability.Count);
            waits.AddRange(outcome.Unavailability);
            electionTimeout = outcome.ElectionTimeout;
        }

        waits.Sort();

        // Nobody is served before somebody can have noticed: otherwise nothing was measured.
        Assert.True(waits[0] > electionTimeout * 0.8, $"{waits[0]}");
        Assert.True(waits[waits.Count / 2] <= electionTimeout * 1.5, $"{waits[waits.Count / 2]}");
    }
}
