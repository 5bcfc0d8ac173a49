using SimGraph.Storage.Log;

namespace SimGraph.Storage.Snapshots;

/// <summary>The state machine's bytes after applying the log up to a position.</summary>
/// <param name="Position">The last entry it covers; its index is at least 1.</param>
/// <param name="Data">Opaque bytes. They must not change afterwards.</param>
public sealed record StoredSnapshot(LogPosition Position, ReadOnlyMemory<byte> Data);
