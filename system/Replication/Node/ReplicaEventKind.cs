namespace SimGraph.Replication.Node;

/// <summary>What happened.</summary>
internal enum ReplicaEventKind : byte
{
    /// <summary>A flag outside the queue wants to be looked at: a tick, a peer's report, a state that was flushed.</summary>
    Wake = 0,

    /// <summary>A consensus message of a peer.</summary>
    Message,

    /// <summary>A client's command to replicate.</summary>
    Command,

    /// <summary>A client's query.</summary>
    Query,

    /// <summary>Somebody wants to look at log and state.</summary>
    Visit,

    /// <summary>A client's query that the leader's lease may answer.</summary>
    LeaseQuery,

    /// <summary>A client's wish about the membership or the leader.</summary>
    Administration,
}
