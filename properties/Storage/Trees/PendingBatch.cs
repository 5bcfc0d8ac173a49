namespace SimGraph.Properties.Storage.Trees;

/// <summary>A write that was begun. Immutable.</summary>
/// <param name="Number">Counts writes; tells their values apart.</param>
/// <param name="Changes">What it changes.</param>
/// <param name="IsAcknowledged">Whether the store said that it is durable.</param>
internal sealed record PendingBatch(ulong Number, IReadOnlyList<PlannedChange> Changes, bool IsAcknowledged);
