namespace SimGraph.Properties.Storage.Graph;

/// <summary>What a step does.</summary>
internal enum GraphStepKind
{
    /// <summary>Logs commands together, and applies them in order as they become durable.</summary>
    Commands,

    /// <summary>Flushes the tree.</summary>
    Flush,

    /// <summary>Compacts the tree.</summary>
    Compact,

    /// <summary>Lets the log begin behind what the tree has durable.</summary>
    Truncate,

    /// <summary>Takes a snapshot, which later steps look at.</summary>
    TakeSnapshot,

    /// <summary>Compares the snapshot with the graph as it was then, and lets go of it.</summary>
    CheckSnapshot,

    /// <summary>Exports the graph, of now or of the snapshot, and imports it.</summary>
    Transfer,

    /// <summary>Logs and applies one command with elements that are larger than those of an import's command may be.</summary>
    Bulk,

    /// <summary>Verifies the store and compares it with the model.</summary>
    Verify,
}
