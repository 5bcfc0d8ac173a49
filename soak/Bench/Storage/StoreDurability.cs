namespace SimGraph.Soak.Bench.Storage;

/// <summary>What a write promises when it is over.</summary>
internal enum StoreDurability
{
    /// <summary>Nothing: no log is written; a crash of the process loses what is only in memory.</summary>
    None,

    /// <summary>The device was flushed: power loss loses nothing.</summary>
    Flushed,
}
