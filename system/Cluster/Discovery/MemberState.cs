namespace SimGraph.Cluster.Discovery;

/// <summary>What an observer knows, from its own hearing alone, of a member's life.</summary>
public enum MemberState
{
    /// <summary>Somebody spoke of it; it has not answered this observer itself.</summary>
    Unheard,

    /// <summary>It answers.</summary>
    Alive,

    /// <summary>Heartbeats are missing, not yet enough to give it up.</summary>
    Suspect,

    /// <summary>It has missed as many heartbeats as make a failure.</summary>
    Dead,
}
