namespace SimGraph.RealCluster;

/// <summary>What a run with real processes does. <see cref="Validate"/> says what is wrong with it.</summary>
internal sealed record RealClusterOptions
{
    /// <summary>Nodes, 3 to 9.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>How often the leader is killed.</summary>
    public int Kills { get; init; } = 200;

    /// <summary>Kills in a round; after each round the history of its keys is judged.</summary>
    public int KillsPerRound { get; init; } = 10;

    /// <summary>Clients that work at the same time.</summary>
    public int Clients { get; init; } = 6;

    /// <summary>Draws the script of faults and what the clients do. Processes are scheduled by a real kernel, so the same seed gives the same script and not the same run.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The servers' election time-out; a heartbeat is a fifth of it.</summary>
    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromMilliseconds(1000);

    /// <summary>Longest pause of a client between two operations.</summary>
    public TimeSpan ThinkTimeMax { get; init; } = TimeSpan.FromMilliseconds(30);

    /// <summary>Operations on one register or counter, so that a check ends.</summary>
    public int OperationsPerKeyMax { get; init; } = 200;

    /// <summary>How long the cluster may take to acknowledge a write again once all faults are over.</summary>
    public TimeSpan RecoveryLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the check of one round may take.</summary>
    public TimeSpan CheckLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a server may take to stop after SIGTERM.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Where the folder of the run is made.</summary>
    public string Folder { get; init; } = Path.GetTempPath();

    /// <exception cref="ArgumentException">What is wrong, and with which option.</exception>
    public void Validate()
    {
        Require(Nodes is >= 3 and <= 9, $"there are 3 to 9 nodes, not {Nodes}: fewer do not survive a kill");
        Require(Kills >= 1 && KillsPerRound >= 1, "there is at least one kill, and one in a round");
        Require(Clients is >= 1 and <= 64, $"there are 1 to 64 clients, not {Clients}");
        Require(ElectionTimeout >= TimeSpan.FromMilliseconds(50), "the election time-out is below 50 ms");
        Require(ThinkTimeMax >= TimeSpan.Zero, "the think time is negative");
        Require(OperationsPerKeyMax >= 1, "there is at least one operation for each key");
        Require(RecoveryLimit > TimeSpan.Zero && CheckLimit > TimeSpan.Zero && StopLimit > TimeSpan.Zero, "limits are positive");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
