namespace SimGraph.Soak.Bench.Storage;

/// <summary>The halves of the storage benchmark.</summary>
[Flags]
internal enum StorageBenchParts
{
    None = 0,

    /// <summary>Write-ahead logs.</summary>
    Logs = 1,

    /// <summary>Stores of keys and values.</summary>
    Stores = 2,
}
