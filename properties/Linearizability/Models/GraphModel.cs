// The graph as clients see it through the operations of a history. It is local in its elements, so a history falls apart into the connected components of "some operation
// touches both": a property of a node that lives through the whole history is a part of its own; a node is one with its owner and with what it is linked to.

using System.Collections.Immutable;
using System.Globalization;

namespace SimGraph.Properties.Linearizability.Models;

/// <summary>Nodes with number properties and links between them.</summary>
internal sealed class GraphModel : ISequentialModel<GraphState, GraphAction>
{
    private const int BytesPerEntry = 64;
    private const int ShownMax = 8;

    public IReadOnlyList<Partition<GraphState, GraphAction>> Split(IReadOnlyList<Operation<GraphAction>> history) => GraphPartitions.Of(history);

    public bool TryStep(GraphState state, GraphAction action, out GraphState next)
    {
        next = state;
        bool isPossible = IsPossible(state, action);
        if (!isPossible || action.Outcome == Outcome.Refused)
        {
            return action.Outcome == Outcome.Unknown || isPossible == (action.Outcome == Outcome.Done);
        }

        switch (action.Kind)
        {
            case GraphActionKind.Set:
                next = state.WithNumber(action.Cell, action.Argument);
                return true;
            case GraphActionKind.Add:
                long sum = unchecked(state.NumberOf(action.Cell) + action.Argument);
                next = state.WithNumber(action.Cell, sum);
                return action.Outcome == Outcome.Unknown || sum == action.Number;
            case GraphActionKind.Get:
                return action.Outcome == Outcome.Unknown || state.NumberOf(action.Cell) == action.Number;
            case GraphActionKind.Create:
                next = state.WithNode(action.Node);
                next = action.Other is { } owner ? next.WithLink(owner, action.Node) : next;
                return true;
            case GraphActionKind.Delete:
                next = state.WithoutNode(action.Node);
                return true;
            case GraphActionKind.Link:
                next = state.WithLink(action.Node, action.Other!);
                return true;
            case GraphActionKind.Unlink:
                next = state.WithoutLink(action.Node, action.Other!);
                return true;
            default:
                return action.Outcome == Outcome.Unknown || AreNames(state.LinkedFrom(action.Node), action.Names);
        }
    }

    public ulong Hash(GraphState state) => state.Hash;

    public int SizeOf(GraphState state) => BytesPerEntry * (1 + state.Count);

    public bool IsRead(GraphAction action) => action.Kind is GraphActionKind.Get or GraphActionKind.Neighbours || action.Outcome == Outcome.Refused;

    public GraphAction Forget(GraphAction action) => action with { Outcome = Outcome.Unknown, Number = 0, Names = [] };

    public bool Observes(GraphAction later, GraphAction earlier)
    {
        if (later.Outcome == Outcome.Refused)
        {
            return true;
        }

        // A value that was set and that nobody has seen is as good as never set, unless sums depend on it.
        return earlier.Kind != GraphActionKind.Set || later.Kind is GraphActionKind.Add || (later.Kind is GraphActionKind.Get && later.Number == earlier.Argument);
    }

    public string Describe(GraphAction action)
    {
        string target = action.IsOfProperty ? action.Cell : action.Node;
        string argument = action.Kind is GraphActionKind.Set or GraphActionKind.Add ? string.Create(CultureInfo.InvariantCulture, $" {action.Argument}") : string.Empty;
        string asked = $"{action.Kind.ToString().ToLowerInvariant()} {target}{argument}{(action.Other is { } other ? $" {other}" : string.Empty)}";
        return action switch
        {
            { Outcome: Outcome.Unknown } => asked,
            { Outcome: Outcome.Refused } => $"{asked}: refused",
            { Kind: GraphActionKind.Add or GraphActionKind.Get } => string.Create(CultureInfo.InvariantCulture, $"{asked}: {action.Number}"),
            { Kind: GraphActionKind.Neighbours } => $"{asked}: {List(action.Names, action.Names.Length)}",
            _ => asked,
        };
    }

    public string DescribeState(GraphState state)
    {
        IEnumerable<string> numbers = state.Numbers.Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}"));
        IEnumerable<string> links = state.Links.Select(static pair => $"{pair.Key}→{List(pair.Value, pair.Value.Count)}");
        string text = string.Join(" ", numbers.Concat(links));
        return text.Length == 0 ? "nothing set" : text;
    }

    private static bool IsPossible(GraphState state, GraphAction action) => action.Kind switch
    {
        GraphActionKind.Create => !state.Has(action.Node) && (action.Other is null || state.Has(action.Other)),
        GraphActionKind.Link => state.Has(action.Node) && state.Has(action.Other!),
        GraphActionKind.Unlink => state.LinkedFrom(action.Node).Contains(action.Other!),
        _ => state.Has(action.Node),
    };

    private static bool AreNames(ImmutableSortedSet<string> linked, ImmutableArray<string> names)
    {
        if (linked.Count != names.Length)
        {
            return false;
        }

        int i = 0;
        foreach (string name in linked)
        {
            if (!string.Equals(name, names[i++], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static string List(IEnumerable<string> names, int count) =>
        $"{{{string.Join(", ", names.Take(ShownMax))}{(count > ShownMax ? $" and {count - ShownMax} more" : string.Empty)}}}";
}
