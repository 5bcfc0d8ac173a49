namespace SimGraph.Simulation.Disk;

/// <summary>A change of a folder's names that no flush has covered yet; both halves happen together.</summary>
/// <param name="Sequence">Ascending on the whole disk.</param>
/// <param name="Removed">The name that goes, if any.</param>
/// <param name="Added">The name that comes, replacing what had it, if any.</param>
/// <param name="Node">What <paramref name="Added"/> stands for.</param>
/// <param name="Rename">Set on both halves of a rename between folders.</param>
internal readonly record struct UnflushedName(long Sequence, string? Removed, string? Added, DiskNode? Node, RenameAcrossFolders? Rename);
