using System.Diagnostics.CodeAnalysis;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Storage.Graph.Model;

/// <summary>Walks the edges of a node in ascending order of their ids, each once, both directions merged. Valid until the graph changes.</summary>
internal struct EdgeCursor
{
    private readonly NodeEntry _node;
    private int _outgoing;
    private int _incoming;

    public EdgeCursor(NodeEntry node, EdgeDirection direction, ElementId after)
    {
        ElementId first = new(after.Value == ulong.MaxValue ? after.Value : after.Value + 1);
        _node = node;
        _outgoing = direction is EdgeDirection.Incoming ? node.Outgoing.Count : node.Outgoing.FirstNotBefore(first);
        _incoming = direction is EdgeDirection.Outgoing ? node.Incoming.Count : node.Incoming.FirstNotBefore(first);
    }

    public bool TryNext([NotNullWhen(true)] out EdgeEntry? edge)
    {
        EdgeEntry? outgoing = _outgoing < _node.Outgoing.Count ? _node.Outgoing[_outgoing] : null;
        EdgeEntry? incoming = _incoming < _node.Incoming.Count ? _node.Incoming[_incoming] : null;
        if (outgoing is not null && (incoming is null || outgoing.Edge.Id <= incoming.Edge.Id))
        {
            edge = outgoing;
            _outgoing++;

            // The node's edge to itself is in both lists.
            _incoming += ReferenceEquals(outgoing, incoming) ? 1 : 0;
        }
        else
        {
            edge = incoming;
            _incoming++;
        }

        return edge is not null;
    }
}
