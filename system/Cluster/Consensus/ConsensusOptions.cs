using System.Collections.Immutable;

namespace SimGraph.Cluster.Consensus;

/// <summary>The shape of a consensus group and the limits of one member. Quorum follows from <see cref="Voters"/> and is never configured.</summary>
public sealed record ConsensusOptions
{
    /// <summary>Most voters of a group.</summary>
    public const int VotersMax = 255;

    /// <summary>This node; one of <see cref="Voters"/>.</summary>
    public required NodeId Self { get; init; }

    /// <summary>All members, this node included; the same set on every member, in any order.</summary>
    public required ImmutableArray<NodeId> Voters { get; init; }

    /// <summary>Base n of the election timeout, which is drawn from [n, 2n) ticks; also the time after which a leader without quorum steps down.</summary>
    public int ElectionTimeoutTicks { get; init; } = 10;

    /// <summary>Ticks between two heartbeats of a leader.</summary>
    public int HeartbeatTicks { get; init; } = 2;

    /// <summary>Most entries of one append request.</summary>
    public int AppendEntriesMax { get; init; } = 256;

    /// <summary>Most payload bytes of one append request; a single larger entry still travels alone.</summary>
    public int AppendBytesMax { get; init; } = 512 * 1024;

    /// <summary>Most unacknowledged append requests with entries to one follower.</summary>
    public int InflightAppendsMax { get; init; } = 32;

    /// <summary>Bytes of uncommitted entries from which on a leader refuses proposals.</summary>
    public long UncommittedBytesMax { get; init; } = 64L * 1024 * 1024;

    /// <summary>Most linearizable reads that wait for their confirmation.</summary>
    public int PendingReadsMax { get; init; } = 1024;

    /// <summary>Throws when the options contradict themselves.</summary>
    /// <exception cref="ArgumentException">What is wrong and what is allowed.</exception>
    public void Validate()
    {
        if (Voters.IsDefaultOrEmpty || Voters.Length > VotersMax)
        {
            throw new ArgumentException($"Voters: name 1 to {VotersMax} members.");
        }

        for (int i = 0; i < Voters.Length; i++)
        {
            if (Voters[i].Value < 1)
            {
                throw new ArgumentException($"Voters: {Voters[i]} is not a node id; ids begin at 1.");
            }

            if (Voters.IndexOf(Voters[i]) != i)
            {
                throw new ArgumentException($"Voters: node {Voters[i]} is named twice.");
            }
        }

        if (!Voters.Contains(Self))
        {
            throw new ArgumentException($"Voters: this node ({Self}) is not among them.");
        }

        AtLeast(HeartbeatTicks, 1, nameof(HeartbeatTicks));
        if (ElectionTimeoutTicks <= HeartbeatTicks)
        {
            throw new ArgumentException(
                $"ElectionTimeoutTicks ({ElectionTimeoutTicks}) must exceed HeartbeatTicks ({HeartbeatTicks}), or every pause of a leader ends its term.");
        }

        AtLeast(AppendEntriesMax, 1, nameof(AppendEntriesMax));
        AtLeast(AppendBytesMax, 1, nameof(AppendBytesMax));
        AtLeast(InflightAppendsMax, 1, nameof(InflightAppendsMax));
        AtLeast(UncommittedBytesMax, 1, nameof(UncommittedBytesMax));
        AtLeast(PendingReadsMax, 1, nameof(PendingReadsMax));
    }

    private static void AtLeast(long value, long minimum, string name)
    {
        if (value < minimum)
        {
            throw new ArgumentException($"{name} is {value}; it must be at least {minimum}.");
        }
    }
}
