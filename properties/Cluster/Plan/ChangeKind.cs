namespace SimGraph.Properties.Cluster.Plan;

/// <summary>What the operator of the cluster does.</summary>
public enum ChangeKind
{
    /// <summary>Add a new node and give it a vote.</summary>
    Grow,

    /// <summary>Remove a member.</summary>
    Remove,

    /// <summary>Remove the leader.</summary>
    RemoveLeader,

    /// <summary>A machine is lost with its disk: a new node takes the place of its node.</summary>
    Replace,

    /// <summary>Let another voter lead.</summary>
    Transfer,
}
