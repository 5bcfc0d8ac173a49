using System.Globalization;
using System.Text;

namespace SimGraph.Properties.Linearizability.Explanations;

/// <summary>An explanation in words, short enough for a terminal.</summary>
internal static class ExplanationText
{
    private const int OperationsShown = 16;
    private const int OrderShown = 8;
    private const int OthersShown = 8;

    /// <param name="explanation">What is to be said.</param>
    /// <param name="model">Describes actions and states.</param>
    /// <param name="unit">What times are counted in, such as "line".</param>
    public static string Write<TState, TAction>(Explanation<TState, TAction> explanation, ISequentialModel<TState, TAction> model, string unit)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
    {
        var text = new StringBuilder();
        Operation<TAction> broken = explanation.Break;
        text.Append(CultureInfo.InvariantCulture, $"{explanation.Partition.Name}: {Count(explanation.Partition.Operations.Count, "operation")}; it breaks at {unit} {broken.ReturnedAt}: ")
            .Append(CultureInfo.InvariantCulture, $"client {broken.Client}, {model.Describe(broken.Action)}\n")
            .Append(explanation.IsFirst
                ? string.Create(CultureInfo.InvariantCulture, $"The {Count(explanation.AnsweredBefore, "operation")} answered before it can be explained; this answer cannot.\n")
                : "It may break earlier: that was not found out within the limits.\n");
        WriteCore(text, explanation, model, unit);
        if (explanation.Anytime.Count > 0)
        {
            IReadOnlyList<string> others = Asked(explanation, model);
            text.Append(CultureInfo.InvariantCulture, $"That is so whenever these took effect, if they did: {string.Join(", ", others.Take(OthersShown))}{More(others.Count, OthersShown)}\n");
        }

        WriteOrder(text, explanation, model);
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>What was asked by those that resolve nothing; equal ones together.</summary>
    public static IReadOnlyList<string> Asked<TState, TAction>(Explanation<TState, TAction> explanation, ISequentialModel<TState, TAction> model)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
        =>
        [
            .. explanation.Anytime.GroupBy(operation => model.Describe(model.Forget(operation.Action)), StringComparer.Ordinal)
                .Select(static group => group.Count() == 1 ? group.Key : string.Create(CultureInfo.InvariantCulture, $"{group.Key} ×{group.Count()}")),
        ];

    private static void WriteCore<TState, TAction>(StringBuilder text, Explanation<TState, TAction> explanation, ISequentialModel<TState, TAction> model, string unit)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
    {
        IReadOnlyList<Operation<TAction>> core = explanation.Core;
        text.Append(CultureInfo.InvariantCulture, $"The smallest part found that breaks ({Count(core.Count, "operation")}, {unit}s from call to answer):\n");
        int skipped = Math.Max(0, core.Count - OperationsShown);
        if (skipped > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {skipped} earlier ones\n");
        }

        foreach (Operation<TAction> operation in core.Skip(skipped))
        {
            string mark = ReferenceEquals(operation, explanation.Break) ? "  ! " : "    ";
            string end = operation.IsPending ? "..." : operation.ReturnedAt.ToString(CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"{mark}{operation.CalledAt,6} - {end,-6} client {operation.Client,-3} {model.Describe(operation.Action)}{(operation.IsPending ? ": unknown" : string.Empty)}\n");
        }
    }

    private static void WriteOrder<TState, TAction>(StringBuilder text, Explanation<TState, TAction> explanation, ISequentialModel<TState, TAction> model)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
    {
        IReadOnlyList<Placed<TState, TAction>> order = explanation.CoreOrder;
        if (order.Count == 0)
        {
            return;
        }

        int skipped = Math.Max(0, order.Count - OrderShown);
        text.Append("One order of the others: ")
            .Append(skipped > 0 ? string.Create(CultureInfo.InvariantCulture, $"{skipped} before, ") : string.Empty)
            .AppendJoin(", ", order.Skip(skipped).Select(placed => model.Describe(placed.Operation.Action)))
            .Append(CultureInfo.InvariantCulture, $"; then the state is {model.DescribeState(order[^1].After)}\n");
    }

    private static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {what}{(number == 1 ? string.Empty : "s")}");

    private static string More(int count, int shown) => count > shown ? string.Create(CultureInfo.InvariantCulture, $" and {count - shown} more") : string.Empty;
}
