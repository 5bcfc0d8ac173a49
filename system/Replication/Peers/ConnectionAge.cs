namespace SimGraph.Replication.Peers;

/// <summary>How old a connection may become. Each draws its own limit, so that those which began together do not end together.</summary>
internal static class ConnectionAge
{
    private const double Shortest = 0.75;

    /// <summary>Between three quarters of the limit and all of it.</summary>
    public static TimeSpan Draw(TimeSpan limit, Random random) => limit * (Shortest + ((1 - Shortest) * random.NextDouble()));
}
