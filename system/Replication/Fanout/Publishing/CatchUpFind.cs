using SimGraph.Replication.Fanout.Wire;
using SimGraph.Replication.StateMachine;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Publishing;

/// <summary>What a <see cref="CatchUpVisit"/> found: entries, a state, or why there is none; all empty when the node stops.</summary>
internal readonly record struct CatchUpFind(RefusalReason Reason, IReadOnlyList<LogEntry>? Entries, FrozenState? State);
