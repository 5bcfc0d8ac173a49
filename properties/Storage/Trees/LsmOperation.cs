using System.Globalization;

namespace SimGraph.Properties.Storage.Trees;

/// <summary>One operation of a tree's workload. None depends on another, so a plan stays sound when some are taken out of it.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Amount">How far the sequence goes on, what is compacted, how long it waits.</param>
/// <param name="Changes">Changes of the batch.</param>
internal sealed record LsmOperation(LsmOperationKind Kind, int Amount, IReadOnlyList<PlannedChange> Changes)
{
    /// <inheritdoc/>
    public override string ToString() => Kind == LsmOperationKind.Apply
        ? string.Create(CultureInfo.InvariantCulture, $"apply +{Amount} {{{string.Join(" ", Changes)}}}")
        : string.Create(CultureInfo.InvariantCulture, $"{Kind} {Amount}");
}
