namespace SimGraph.Cluster.Discovery;

/// <summary>How long a member may be silent, and how many there may be.</summary>
public sealed record MemberTableOptions
{
    /// <summary>Most members that may be asked for.</summary>
    public const int MembersLimit = 256;

    /// <summary>Pause between two signs of life. Default 1 s.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Heartbeat intervals without direct evidence that make a member suspect. Default 2.</summary>
    public int SuspectAfterMissed { get; init; } = 2;

    /// <summary>Heartbeat intervals without direct evidence that make a member dead. Default 3.</summary>
    public int DeadAfterMissed { get; init; } = 3;

    /// <summary>Time without direct evidence, or since it was first spoken of, after which a member is forgotten. Default 10 minutes.</summary>
    public TimeSpan ExpireAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Most members, this node included. Default 64.</summary>
    public int MembersMax { get; init; } = 64;

    /// <summary>
    /// Most forgotten members whose epochs are remembered, so that an older boot of them stays refused; beyond it, the one forgotten first is forgotten for good.
    /// Default 1,024.
    /// </summary>
    public int FencesMax { get; init; } = 1024;

    /// <summary>Silence that makes a failure.</summary>
    public TimeSpan FailureAfter => HeartbeatInterval * DeadAfterMissed;

    /// <summary>Throws if the options make no sense.</summary>
    /// <exception cref="ArgumentException">What is wrong, and with which option.</exception>
    public void Validate()
    {
        Require(HeartbeatInterval > TimeSpan.Zero, "HeartbeatInterval is not positive");
        Require(SuspectAfterMissed >= 1, "SuspectAfterMissed is below 1");
        Require(DeadAfterMissed >= SuspectAfterMissed, "DeadAfterMissed is below SuspectAfterMissed");
        Require(ExpireAfter > FailureAfter, "ExpireAfter is not above the silence that makes a failure: the living would be forgotten");
        Require(FencesMax >= 1, "FencesMax is below 1");
        Require(MembersMax is >= 1 and <= MembersLimit, $"MembersMax is not between 1 and {MembersLimit}");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"member table options: {message}");
        }
    }
}
