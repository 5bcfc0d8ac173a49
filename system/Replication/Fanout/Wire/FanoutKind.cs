namespace SimGraph.Replication.Fanout.Wire;

/// <summary>Kinds of fan-out payloads. Values are part of the wire format.</summary>
internal enum FanoutKind : byte
{
    /// <summary>Nothing; never valid.</summary>
    None = 0,
    Entry = 1,
    Beat = 2,
    Report = 3,
    Standing = 4,
    CatchUp = 5,
    Entries = 6,
    StateChunk = 7,
    NextChunk = 8,
    Refusal = 9,
    Forward = 10,
    ForwardReply = 11,
}
