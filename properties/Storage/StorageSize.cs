namespace SimGraph.Properties.Storage;

/// <summary>How much a workload does.</summary>
internal enum StorageSize
{
    /// <summary>Some dozen disk operations: each is a crash point, and each is recovered from many times.</summary>
    Small,

    /// <summary>Some hundred disk operations: run again for each that is made to fail.</summary>
    Medium,

    /// <summary>A few thousand: one of many lives of a disk, cut short at any moment.</summary>
    Large,
}
