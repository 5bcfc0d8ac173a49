namespace SimGraph.Simulation.Kernel;

/// <summary>One live thing in a <see cref="Ledger"/>.</summary>
public sealed class LedgerEntry
{
    internal LedgerEntry? Previous { get; set; }

    internal LedgerEntry? Next { get; set; }

    /// <summary>What it is.</summary>
    public LedgerKind Kind { get; internal set; }

    /// <summary>Its name: a task's path, an address, a file's path.</summary>
    public string Name { get; internal set; } = string.Empty;

    /// <summary>Path of the task that created it.</summary>
    public string CreatedBy { get; internal set; } = string.Empty;

    /// <summary>Virtual time of its creation.</summary>
    public TimeSpan CreatedAt { get; internal set; }

    /// <summary>Where in the source it was created; only when the world captures stacks.</summary>
    public string? CreationStack { get; internal set; }

    /// <inheritdoc/>
    public override string ToString()
    {
        string text = $"{Kind} {Name} (created by {CreatedBy} at {CreatedAt.TotalSeconds:0.000000} s)";
        return CreationStack is null ? text : $"{text}\n{CreationStack}";
    }
}
