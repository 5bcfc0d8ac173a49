namespace SimGraph.Soak.Bench.Replication;

/// <summary>How long a start took.</summary>
/// <param name="Entries">In the log, none of them in the state.</param>
/// <param name="LogBytes">Bytes of the log's files.</param>
/// <param name="Opened">Until the log was read and the node took part.</param>
/// <param name="Applied">Until it led and everything was applied: an election of 40 to 80 ms is in it.</param>
internal sealed record RecoveryTime(int Entries, long LogBytes, TimeSpan Opened, TimeSpan Applied);
