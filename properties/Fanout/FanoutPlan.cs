using SimGraph.Simulation.Exploration.Shrinking;
using SimGraph.Simulation.Network;

namespace SimGraph.Properties.Fanout;

/// <summary>Everything that is drawn before a fan-out run.</summary>
public sealed record FanoutPlan
{
    [ShrinksToLeast(1)]
    public int Members { get; init; } = 3;

    [ShrinksToLeast(1)]
    public int Replicas { get; init; } = 2;

    /// <summary>Whether the last replica is in another data centre: it binds, and the members connect out to it.</summary>
    public bool OtherCentre { get; init; }

    /// <summary>Whether every replica also knows a publisher of a newer program, whose entries are of a kind that it cannot apply.</summary>
    public bool Stranger { get; init; }

    [ShrinksToLeast]
    public int Writers { get; init; } = 1;

    [ShrinksToLeast]
    public int Forwarders { get; init; } = 1;

    [ShrinksToLeast(1)]
    public TimeSpan SafetyTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>When the last replica boots for the first time.</summary>
    public TimeSpan LateReplicaAt { get; init; }

    public TimeSpan ThinkTimeMax { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan ReplyLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>High-water mark of every socket.</summary>
    public int Mark { get; init; } = 1000;

    public int QueueMax { get; init; } = 1000;

    public int InboxMax { get; init; } = 256;

    public int PendingMax { get; init; } = 4096;

    public int CatchUpBytes { get; init; } = 512 * 1024;

    public int ChunkBytes { get; init; } = 4096;

    /// <summary>Entries after which a member flushes, and then cuts its log.</summary>
    public int FlushEntries { get; init; } = 200;

    public ulong IndexesBehindMax { get; init; } = 1000;

    public bool ChancePoints { get; init; }

    public NetworkOptions Network { get; init; } = new();

    public IReadOnlyList<FanoutFault> Faults { get; init; } = [];

    /// <summary>How long a stop may take.</summary>
    public TimeSpan StopLimit { get; } = TimeSpan.FromSeconds(20);

    /// <summary>How long everything may take to be whole again once all faults have healed.</summary>
    public TimeSpan LivenessLimit { get; } = TimeSpan.FromMinutes(5);
}
