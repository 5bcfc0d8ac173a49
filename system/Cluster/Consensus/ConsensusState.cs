using SimGraph.Storage.Log;

namespace SimGraph.Cluster.Consensus;

/// <summary>What a node recovered from its disk: the input of a restart. Of a node that never ran: all empty.</summary>
public sealed record ConsensusState
{
    /// <summary>Term and vote.</summary>
    public HardState Hard { get; init; }

    /// <summary>Position of the snapshot that the state machine was restored from; (0, 0) without one.</summary>
    public LogPosition Start { get; init; }

    /// <summary>The log behind <see cref="Start"/>, contiguous.</summary>
    public IReadOnlyList<LogEntry> Entries { get; init; } = [];
}
