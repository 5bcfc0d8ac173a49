using System.Collections.Immutable;
using System.Globalization;
using SimGraph.Cluster.Consensus;
using SimGraph.Runtime.Network;

namespace SimGraph.Server;

/// <summary>Reads what the command line says about nodes.</summary>
internal static class NodeArguments
{
    /// <summary>Addresses by node, each as ID=HOST:PORT.</summary>
    /// <exception cref="FormatException">One is not of that form, or a node is given twice.</exception>
    public static ImmutableSortedDictionary<NodeId, NetworkAddress> ReadAddresses(string option, string[]? given)
    {
        ImmutableSortedDictionary<NodeId, NetworkAddress>.Builder addresses = ImmutableSortedDictionary.CreateBuilder<NodeId, NetworkAddress>();
        foreach (string text in given ?? [])
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new FormatException($"{option} {text}: not of the form ID=HOST:PORT");
            }

            NodeId node = ReadId(text[..equals], $"{option} {text}");
            if (!addresses.TryAdd(node, NetworkAddress.Parse(text[(equals + 1)..])))
            {
                throw new FormatException($"{option} {text}: node {node.Value} is given twice");
            }
        }

        return addresses.ToImmutable();
    }

    /// <summary>The number of a node.</summary>
    /// <exception cref="FormatException">Not one.</exception>
    public static NodeId ReadId(string text, string where) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id >= 1
            ? new NodeId(id)
            : throw new FormatException($"{where}: '{text}' is not a node number; nodes are numbered from 1");
}
