namespace SimGraph.Storage.Log;

/// <summary>What recovery hands to the log: all of it durable.</summary>
/// <param name="Replay">State, start, entries and segments.</param>
/// <param name="Segment">The segment to append to.</param>
/// <param name="BytesCut">Bytes of a torn tail that were cut.</param>
internal sealed record RecoveredLog(LogReplay Replay, SegmentWriter Segment, long BytesCut);
