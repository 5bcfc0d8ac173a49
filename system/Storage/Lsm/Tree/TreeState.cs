using SimGraph.Storage.Lsm.Memtables;
using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm.Tree;

/// <summary>Everything a reader needs, as of one moment. Immutable but for the active memtable, which grows.</summary>
/// <param name="Active">Takes the writes.</param>
/// <param name="Immutable">Closed memtables that are not flushed yet, newest first.</param>
/// <param name="Version">The tables.</param>
internal sealed record TreeState(Memtable Active, Memtable[] Immutable, TreeVersion Version);
