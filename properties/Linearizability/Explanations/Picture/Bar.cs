namespace SimGraph.Properties.Linearizability.Explanations.Picture;

/// <summary>An operation as it is drawn.</summary>
/// <param name="Lane">The name of the lane: its client.</param>
/// <param name="Label">A few words.</param>
/// <param name="Hover">All of it.</param>
/// <param name="From">When it began.</param>
/// <param name="To">When it ended; <see cref="long.MaxValue"/> if it never did.</param>
/// <param name="Kind">How it looks.</param>
internal sealed record Bar(string Lane, string Label, string Hover, long From, long To, BarKind Kind)
{
    /// <summary>Its number in the order that explains what came before the break; 0 for none.</summary>
    public int Order { get; init; }
}
