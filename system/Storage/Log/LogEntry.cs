namespace SimGraph.Storage.Log;

/// <summary>One entry of the replicated log. Its position and term are consensus' business, its payload the state machine's.</summary>
/// <param name="Index">Position in the log; the first is 1.</param>
/// <param name="Term">Term of the leader that created it.</param>
/// <param name="Kind">What the payload means to the layer above; opaque to storage; consensus knows all kinds but <see cref="LogEntryKind.Command"/>.</param>
/// <param name="Payload">Opaque bytes. The creator must not change them afterwards.</param>
public sealed record LogEntry(ulong Index, ulong Term, LogEntryKind Kind, ReadOnlyMemory<byte> Payload);
