namespace SimGraph.Cluster.Discovery;

/// <summary>What an observer thinks of a record. Values are part of the wire format.</summary>
public enum AdmissionVerdict : byte
{
    /// <summary>It is believed.</summary>
    Welcome = 0,

    /// <summary>A newer boot of the node is known: this one is stale.</summary>
    Fenced = 1,

    /// <summary>The same boot of the node is known at another address: two machines have one identity.</summary>
    Conflict = 2,

    /// <summary>There is no room for one more member.</summary>
    Full = 3,
}
