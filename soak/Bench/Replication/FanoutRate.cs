namespace SimGraph.Soak.Bench.Replication;

/// <summary>What read replicas got of a flood of writes.</summary>
/// <param name="Replicas">Read replicas.</param>
/// <param name="WritesPerSecond">Acknowledged writes a second.</param>
/// <param name="EntriesPerSecond">Entries applied a second, by all replicas together, until the last had the last.</param>
/// <param name="CatchUp">How long after the last acknowledged write the last replica had it.</param>
/// <param name="LagEntries">The most entries that a replica was seen behind the leader, sampled each 10 ms.</param>
internal sealed record FanoutRate(int Replicas, double WritesPerSecond, double EntriesPerSecond, TimeSpan CatchUp, ulong LagEntries);
