namespace SimGraph.Cluster.Consensus;

/// <summary>The shape of a consensus group and the limits of one member. Quorum follows from the membership in force and is never configured.</summary>
public sealed record ConsensusOptions
{
    /// <summary>This node.</summary>
    public required NodeId Self { get; init; }

    /// <summary>
    /// The configuration of a cluster that never ran, the same on every member; <see cref="Membership.Empty"/> for a node that joins a running one. What log or
    /// state say counts more.
    /// </summary>
    public required Membership Members { get; init; }

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

    /// <summary>How often the jitter of the election timeout doubles, at most, while elections end in split votes one after the other.</summary>
    public int ElectionBackoffDoublingsMax { get; init; } = 2;

    /// <summary>
    /// How much faster one member's clock may run than another's: 0.01 is one percent. Null: no leases. It must be the same on every member, as a lease
    /// rests on what the others do: with a bound, a node that starts votes for nobody for an election timeout.
    /// </summary>
    public double? LeaseDriftBound { get; init; }

    /// <summary>Ticks that a leader leads before it hands over to an up-to-date voter of higher priority.</summary>
    public int PriorityTransferTicks => 4 * ElectionTimeoutTicks;

    /// <summary>Ticks of a leader's clock for which a heartbeat that a quorum has answered proves that nobody else leads; 0 for no leases.</summary>
    public int LeaseTicks => LeaseDriftBound is { } bound ? (int)Math.Floor((ElectionTimeoutTicks - 2) / (1 + bound)) : 0;

    /// <summary>Throws when the options contradict themselves.</summary>
    /// <exception cref="ArgumentException">What is wrong and what is allowed.</exception>
    public void Validate()
    {
        if (Self.Value < 1)
        {
            throw new ArgumentException($"Self: {Self} is not a node id; ids begin at 1.");
        }

        if (Members.Voters.IsEmpty && !Members.Learners.IsEmpty)
        {
            throw new ArgumentException("Members: name a voter, or nobody for a node that joins a running cluster.");
        }

        if (!Members.Voters.IsEmpty && !Members.Contains(Self))
        {
            throw new ArgumentException($"Members: this node ({Self}) is not among them.");
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
        AtLeast(ElectionBackoffDoublingsMax, 0, nameof(ElectionBackoffDoublingsMax));
        if (LeaseDriftBound is { } bound && !(bound is >= 0 and <= 10))
        {
            throw new ArgumentException($"LeaseDriftBound is {bound}; it must be between 0 and 10, or null for no leases.");
        }
    }

    private static void AtLeast(long value, long minimum, string name)
    {
        if (value < minimum)
        {
            throw new ArgumentException($"{name} is {value}; it must be at least {minimum}.");
        }
    }
}
