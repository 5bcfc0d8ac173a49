using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Client;

/// <summary>What a client is told of a write: either what the graph made of it, or only that the leader has it.</summary>
public sealed record WriteAnswer
{
    private WriteAnswer()
    {
    }

    /// <summary>What the graph made of it, once a quorum had it; null if that was not waited for.</summary>
    public GraphOutcome? Outcome { get; private init; }

    /// <summary>
    /// Where it stands in the leader's log, not yet replicated, if nothing more is known. It will be applied there, unless an entry of another term is committed at that index: then it is lost.
    /// Null once there is an outcome.
    /// </summary>
    public LogPosition? AcceptedAt { get; private init; }

    /// <summary>True if it cannot be lost any more.</summary>
    public bool IsReplicated => Outcome is not null;

    internal static WriteAnswer Applied(GraphOutcome outcome) => new() { Outcome = outcome };

    internal static WriteAnswer Accepted(LogPosition position) => new() { AcceptedAt = position };
}
