using SimGraph.Properties.Cluster.Workload;
using SimGraph.Properties.Linearizability;
using SimGraph.Properties.Linearizability.Models;
using SimGraph.Storage.Graph;

namespace SimGraph.RealCluster.Work;

/// <summary>
/// The history of a round. An event's time is its place in one order: it is taken under a lock, a call's before the call is made and an answer's after it has come, so the
/// order is one that a monotonic clock would give. Thread-safe.
/// </summary>
internal sealed class SharedHistory
{
    private readonly object _gate = new();
    private readonly ClientHistory _history = new();

    public int Call(int client, GraphAction action)
    {
        lock (_gate)
        {
            return _history.Call(client, action);
        }
    }

    public void Return(int operation, GraphAction answered)
    {
        lock (_gate)
        {
            _history.Return(operation, answered);
        }
    }

    public void Return(int operation, IReadOnlyList<ElementId> nodes)
    {
        lock (_gate)
        {
            _history.Return(operation, nodes);
        }
    }

    public void NotApplied(int operation)
    {
        lock (_gate)
        {
            _history.NotApplied(operation);
        }
    }

    public void GaveUp(int operation)
    {
        lock (_gate)
        {
            _history.GaveUp(operation);
        }
    }

    public void Name(ElementId node, string name)
    {
        lock (_gate)
        {
            _history.Name(node, name);
        }
    }

    /// <summary>What the checker judges. Call when nothing works any more.</summary>
    public IReadOnlyList<Operation<GraphAction>> Operations() => _history.Operations();

    /// <summary>The same for a file.</summary>
    public IEnumerable<string> Lines() => _history.Lines();
}
