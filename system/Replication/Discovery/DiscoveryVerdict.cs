namespace SimGraph.Replication.Discovery;

/// <summary>What the answerer thinks of the asker. Values are part of the wire format; the first four are those of an admission.</summary>
internal enum DiscoveryVerdict : byte
{
    /// <summary>Believed.</summary>
    Welcome = 0,

    /// <summary>The asker is an older boot of a node that is known.</summary>
    Fenced = 1,

    /// <summary>Another machine has the asker's identity.</summary>
    Conflict = 2,

    /// <summary>No room for one more member.</summary>
    Full = 3,

    /// <summary>Another version, another cluster or another node than the asker means: there is nothing to tell.</summary>
    Refused = 4,
}
