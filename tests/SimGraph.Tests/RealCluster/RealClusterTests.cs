using SimGraph.RealCluster;
using Xunit;

namespace SimGraph.Tests.RealCluster;

/// <summary>The short form of the long test: real processes, real sockets, kill -9.</summary>
public sealed class RealClusterTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Five_kills_of_the_leader_lose_no_acknowledged_write_and_leave_a_linearizable_history()
    {
        var options = new RealClusterOptions { Nodes = 3, Kills = 5, KillsPerRound = 3, Clients = 4, ElectionTimeout = TimeSpan.FromMilliseconds(500), Seed = 7 };

        RealClusterReport report = await new RealClusterRun(options, output.WriteLine).RunAsync(TestContext.Current.CancellationToken);

        foreach (string line in report.Lines(options))
        {
            output.WriteLine(line);
        }

        Assert.Equal(5, report.Kills.Count);
        Assert.Equal(2, report.Rounds);

        // Clients that get nothing done would prove nothing.
        Assert.True(report.Counts.AcknowledgedWrites > 50 && report.Counts.AnsweredReads > 50 && report.Compared > 10, $"{report}");
    }
}
