namespace SimGraph.Cluster.Discovery;

/// <summary>What an observer of the members is told.</summary>
public enum MemberEventKind
{
    /// <summary>It was spoken of for the first time.</summary>
    Joined,

    /// <summary>It answers, for the first time or again.</summary>
    Alive,

    /// <summary>It misses heartbeats.</summary>
    Suspect,

    /// <summary>It has failed.</summary>
    Dead,

    /// <summary>It was silent for so long that it is forgotten.</summary>
    Removed,

    /// <summary>A newer boot of it is known, at the same addresses. It has to be heard again.</summary>
    Restarted,

    /// <summary>A newer boot of it is known, at other addresses. It has to be heard again.</summary>
    AddressChanged,

    /// <summary>Its role, term or priority changed.</summary>
    Updated,

    /// <summary>A process that claims to be this member is refused: an older boot, or another machine with the same identity.</summary>
    Fenced,

    /// <summary>Another process has this node's own identity, and a newer boot or the same: others refuse this node, and it must not go on. Told once.</summary>
    SelfFenced,

    /// <summary>The observer was too slow, and missed events: the members are to be looked at as a whole.</summary>
    Overflow,
}
