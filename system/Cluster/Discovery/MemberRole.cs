namespace SimGraph.Cluster.Discovery;

/// <summary>What a member says that it does. Values are part of the wire format.</summary>
public enum MemberRole : byte
{
    /// <summary>Follows.</summary>
    Replica = 1,

    /// <summary>Campaigns.</summary>
    Candidate = 2,

    /// <summary>Leads.</summary>
    Primary = 3,
}
