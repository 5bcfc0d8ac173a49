using System.Globalization;

namespace SimGraph.Properties.Storage.Graph;

/// <summary>One step of a workload.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Choices">For commands and transfers: the numbers that decide what they are, together with the graph that they meet.</param>
internal sealed record GraphStep(GraphStepKind Kind, IReadOnlyList<int[]> Choices)
{
    /// <inheritdoc/>
    public override string ToString() => Choices.Count == 0
        ? Kind.ToString()
        : string.Join(" + ", Choices.Select(numbers => string.Create(CultureInfo.InvariantCulture, $"{(Kind == GraphStepKind.Commands ? "command" : Kind.ToString())}({string.Join(",", numbers)})")));
}
