namespace SimGraph.Properties.Storage.Trees;

/// <summary>What a change of a batch does.</summary>
internal enum PlannedChangeKind
{
    Put,
    Delete,
    DeleteRange,
    DeletePrefix,
}
