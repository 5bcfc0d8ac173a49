namespace SimGraph.Storage.Audit;

/// <summary>What the next line must look like. One caller.</summary>
internal sealed class AuditChain
{
    private ulong _batch;

    /// <param name="next">Number of the next line.</param>
    /// <param name="previous">Hash that it must name; null to believe the first line.</param>
    public AuditChain(ulong next, string? previous)
    {
        Next = next;
        Previous = previous;
    }

    /// <summary>Number of the next line.</summary>
    public ulong Next { get; private set; }

    /// <summary>Hash that the next line must name.</summary>
    public string? Previous { get; private set; }

    /// <summary>Why this cannot be the next line; null if it is, and then the chain has gone on.</summary>
    public string? TryAdvance(AuditRecord record, bool isFirstOfFile)
    {
        if (record.Sequence != Next)
        {
            return $"it is event {record.Sequence}, where event {Next} was expected";
        }

        if (Previous is not null && !string.Equals(record.Previous, Previous, StringComparison.Ordinal))
        {
            return "it is not chained to the line before: its previous hash is another one";
        }

        if (record.Batch != record.Sequence && (isFirstOfFile || record.Batch != _batch))
        {
            return $"it claims to be of batch {record.Batch}, which is not the one of the line before";
        }

        _batch = record.Batch;
        Previous = record.Hash;
        Next++;
        return null;
    }
}
