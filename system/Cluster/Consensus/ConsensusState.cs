using SimGraph.Storage.Log;

namespace SimGraph.Cluster.Consensus;

/// <summary>What a node recovered from its disk: the input of a restart. Of a node that never ran: all empty.</summary>
public sealed record ConsensusState
{
    /// <summary>Term and vote.</summary>
    public HardState Hard { get; init; }

    /// <summary>The log begins behind this position; (0, 0) if it was never cut.</summary>
    public LogPosition Start { get; init; }

    /// <summary>The last entry that is in the recovered state machine: not before <see cref="Start"/>, and held by the log.</summary>
    public LogPosition Applied { get; init; }

    /// <summary>The membership as of <see cref="Applied"/>; null if none was ever applied, and the one of the options counts.</summary>
    public Membership? Membership { get; init; }

    /// <summary>The log behind <see cref="Start"/>, contiguous.</summary>
    public IReadOnlyList<LogEntry> Entries { get; init; } = [];
}
