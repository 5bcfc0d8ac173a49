namespace SimGraph.Storage.Graph;

/// <summary>A file of JSON lines could not be imported. What the commands before it did stays.</summary>
public sealed class GraphImportException(long line, string reason, Exception? inner = null)
    : GraphStoreException($"Import, line {line}: {reason}.", inner!)
{
    /// <summary>The line, from 1; one behind the last when the file ends too early.</summary>
    public long Line { get; } = line;

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; } = reason;
}
