namespace SimGraph.Storage.Lsm;

/// <summary>The tree is stopping or has stopped; nothing was changed.</summary>
public sealed class LsmClosedException(string folder) : LsmException($"the tree in '{folder}' is stopped");
