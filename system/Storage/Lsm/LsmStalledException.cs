namespace SimGraph.Storage.Lsm;

/// <summary>A write waited for room as long as it may, and there was none. Nothing was changed; the write may be tried again.</summary>
public sealed class LsmStalledException(string folder, TimeSpan limit, string reason)
    : LsmException($"the tree in '{folder}' had no room for {limit.TotalSeconds:0.###} s: {reason}. Nothing was changed; try again")
{
    /// <summary>What the write waited for.</summary>
    public string Reason { get; } = reason;
}
