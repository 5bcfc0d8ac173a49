using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Storage.Graph.Model;

/// <summary>The primitive steps of the running batch, and how to take them back in reverse.</summary>
internal sealed class UndoLog
{
    // A cascade over a node with very many edges may grow the list; it is not kept that large for ever.
    private const int CapacityKeptMax = 64 * 1024;

    private readonly List<UndoStep> _steps = [];

    public void NodeAdded(NodeEntry node) => _steps.Add(new UndoStep(UndoStepKind.NodeAdded, node, null, 0));

    public void NodeRemoved(NodeEntry node) => _steps.Add(new UndoStep(UndoStepKind.NodeRemoved, node, null, 0));

    public void NodeChanges(NodeEntry node) => _steps.Add(new UndoStep(UndoStepKind.NodeChanged, node, node.Node, node.Digest));

    public void EdgeAdded(EdgeEntry edge) => _steps.Add(new UndoStep(UndoStepKind.EdgeAdded, edge, null, 0));

    public void EdgeRemoved(EdgeEntry edge) => _steps.Add(new UndoStep(UndoStepKind.EdgeRemoved, edge, null, 0));

    public void EdgeChanges(EdgeEntry edge) => _steps.Add(new UndoStep(UndoStepKind.EdgeChanged, edge, edge.Edge, edge.Digest));

    public void IndexAdded(IndexDefinition index) => _steps.Add(new UndoStep(UndoStepKind.IndexAdded, index, null, 0));

    public void IndexRemoved(IndexDefinition index) => _steps.Add(new UndoStep(UndoStepKind.IndexRemoved, index, null, 0));

    /// <summary>The batch holds: forgets the steps.</summary>
    public void Clear()
    {
        _steps.Clear();
        if (_steps.Capacity > CapacityKeptMax)
        {
            _steps.Capacity = CapacityKeptMax;
        }
    }

    /// <summary>The batch does not hold: takes all steps back.</summary>
    public void RollBack(GraphTables tables)
    {
        for (int i = _steps.Count - 1; i >= 0; i--)
        {
            UndoStep step = _steps[i];
            switch (step.Kind)
            {
                case UndoStepKind.NodeAdded:
                    tables.RemoveNode((NodeEntry)step.Entry);
                    break;
                case UndoStepKind.NodeRemoved:
                    tables.AddNode((NodeEntry)step.Entry);
                    break;
                case UndoStepKind.NodeChanged:
                    tables.Restore((NodeEntry)step.Entry, (GraphNode)step.Before!, step.DigestBefore);
                    break;
                case UndoStepKind.EdgeAdded:
                    tables.RemoveEdge((EdgeEntry)step.Entry);
                    break;
                case UndoStepKind.EdgeRemoved:
                    tables.AddEdge((EdgeEntry)step.Entry);
                    break;
                case UndoStepKind.IndexAdded:
                    tables.RemoveIndex((IndexDefinition)step.Entry);
                    break;
                case UndoStepKind.IndexRemoved:
                    tables.AddIndex((IndexDefinition)step.Entry);
                    break;
                default:
                    tables.Restore((EdgeEntry)step.Entry, (GraphEdge)step.Before!, step.DigestBefore);
                    break;
            }
        }

        Clear();
    }

    private readonly record struct UndoStep(UndoStepKind Kind, object Entry, object? Before, UInt128 DigestBefore);
}
