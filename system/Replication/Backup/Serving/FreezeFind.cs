using SimGraph.Replication.StateMachine;

namespace SimGraph.Replication.Backup.Serving;

/// <summary>A frozen state and its digest; no state when the node stops.</summary>
internal readonly record struct FreezeFind(FrozenState? State, UInt128 Digest);
