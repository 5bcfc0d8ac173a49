namespace SimGraph.Replication.Fanout.Health;

/// <summary>What a publisher thinks of a read replica. Values are part of the wire format.</summary>
public enum ReplicaHealth : byte
{
    /// <summary>Nothing; never valid.</summary>
    None = 0,

    /// <summary>It reports, and keeps up.</summary>
    Healthy = 1,

    /// <summary>It reports late, or is behind.</summary>
    Degraded = 2,

    /// <summary>It has been silent for long.</summary>
    Unhealthy = 3,
}
