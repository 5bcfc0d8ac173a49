using System.Globalization;
using SimGraph.Properties.Linearizability.Models;

namespace SimGraph.Properties.Linearizability.Formats;

/// <summary>Writes the lines that <see cref="GraphHistoryReader"/> reads.</summary>
internal static class GraphHistoryWriter
{
    /// <summary>What a client asks for.</summary>
    public static string Call(int client, GraphAction action)
    {
        string target = action.IsOfProperty ? action.Cell : action.Node;
        string argument = action.Kind is GraphActionKind.Set or GraphActionKind.Add ? string.Create(CultureInfo.InvariantCulture, $" {action.Argument}") : string.Empty;
        string other = action.Other is null ? string.Empty : $" {action.Other}";
        return string.Create(
            CultureInfo.InvariantCulture, $"{client} {GraphFormat.Call} {action.Kind.ToString().ToLowerInvariant()} {target}{argument}{other}");
    }

    /// <summary>How it ended.</summary>
    public static string Return(int client, GraphAction action)
    {
        string end = action.Outcome switch
        {
            Outcome.Refused => GraphFormat.Refused,
            Outcome.Unknown => GraphFormat.Unknown,
            _ => GraphFormat.Ok,
        };
        string answer = action switch
        {
            { Outcome: not Outcome.Done } => string.Empty,
            { Kind: GraphActionKind.Add or GraphActionKind.Get } => string.Create(CultureInfo.InvariantCulture, $" {action.Number}"),
            { Kind: GraphActionKind.Neighbours } => string.Concat(action.Names.Select(static name => $" {name}")),
            _ => string.Empty,
        };
        return string.Create(CultureInfo.InvariantCulture, $"{client} {end}{answer}");
    }

    /// <summary>It certainly did not happen.</summary>
    public static string Failed(int client) => string.Create(CultureInfo.InvariantCulture, $"{client} {GraphFormat.Failed}");
}
