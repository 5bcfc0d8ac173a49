using SimGraph.Runtime;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Storage.Graph.Model;

/// <summary>
/// Edges of one node in one direction, in ascending order of their ids. Ids grow along the log, so adding is appending; only the undoing of a
/// deletion inserts.
/// </summary>
internal sealed class AdjacencyList
{
    private static readonly EdgeEntry[] None = [];

    private EdgeEntry[] _edges = None;

    public int Count { get; private set; }

    public EdgeEntry this[int index] => _edges[index];

    public void Add(EdgeEntry edge)
    {
        int at = Count == 0 || _edges[Count - 1].Edge.Id < edge.Edge.Id ? Count : FirstNotBefore(edge.Edge.Id);
        Invariant.Check(at == Count || _edges[at].Edge.Id != edge.Edge.Id, "an edge is adjacent to a node once in each direction");
        if (Count == _edges.Length)
        {
            Array.Resize(ref _edges, Math.Max(4, Count * 2));
        }

        Array.Copy(_edges, at, _edges, at + 1, Count - at);
        _edges[at] = edge;
        Count++;
    }

    public void Remove(EdgeEntry edge)
    {
        int at = FirstNotBefore(edge.Edge.Id);
        Invariant.Check(at < Count && ReferenceEquals(_edges[at], edge), "an edge is in the adjacency of both of its ends");
        Count--;
        Array.Copy(_edges, at + 1, _edges, at, Count - at);
        _edges[Count] = null!;
    }

    /// <summary>Index of the first edge whose id is not less than this.</summary>
    public int FirstNotBefore(ElementId id)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_edges[middle].Edge.Id < id)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
