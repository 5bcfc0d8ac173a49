namespace SimGraph.Properties.Storage.Trees;

/// <summary>A batch, its sequence, and what the tree holds after it. Immutable.</summary>
internal sealed record TreeMoment(ulong Sequence, IReadOnlyList<PlannedChange> Changes, TreeContent Content);
