using System.Globalization;

namespace SimGraph.Properties.Storage.Graph;

/// <summary>One step of a workload.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Choices">For commands: the numbers that decide what they are, together with the graph that they meet.</param>
internal sealed record GraphStep(GraphStepKind Kind, IReadOnlyList<int[]> Choices)
{
    /// <inheritdoc/>
    public override string ToString() => Kind == GraphStepKind.Commands
        ? string.Join(" + ", Choices.Select(static numbers => string.Create(CultureInfo.InvariantCulture, $"command({string.Join(",", numbers)})")))
        : Kind.ToString();
}
