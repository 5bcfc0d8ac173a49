using SimGraph.Replication.StateMachine;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Client;

/// <summary>The answer to a command: its result, or null and where it stands in the leader's log, not yet replicated.</summary>
internal readonly record struct CommandAnswer(ClientResult? Result, LogPosition AcceptedAt = default);
