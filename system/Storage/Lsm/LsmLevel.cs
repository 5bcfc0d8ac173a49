namespace SimGraph.Storage.Lsm;

/// <summary>One level of a tree.</summary>
/// <param name="Tables">Tables in it.</param>
/// <param name="Bytes">Bytes of their files.</param>
/// <param name="Entries">Versions in them.</param>
public readonly record struct LsmLevel(int Tables, long Bytes, long Entries);
