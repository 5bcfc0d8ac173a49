using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Storage.Graph.Model;

/// <summary>What a step of a batch did.</summary>
internal enum UndoStepKind
{
    NodeAdded,
    NodeRemoved,
    NodeChanged,
    EdgeAdded,
    EdgeRemoved,
    EdgeChanged,
    IndexAdded,
    IndexRemoved,
}
