namespace SimGraph.Properties.Cluster.Plan;

/// <summary>Whom a fault hits: named by role, so that a script still means the same after a change of the code.</summary>
public enum FaultTarget
{
    /// <summary>The leader of the newest term, if there is one.</summary>
    Leader,

    /// <summary>A node that is not the leader.</summary>
    Follower,

    /// <summary>The node with the ordinal.</summary>
    Numbered,
}
