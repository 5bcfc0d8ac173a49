namespace SimGraph.Soak.Bench.Replication;

/// <summary>What is measured, and for how long.</summary>
/// <param name="Rounds">Of each number of clients.</param>
/// <param name="Slice">How long a contender is measured in a round.</param>
/// <param name="ClientsMost">Most clients.</param>
/// <param name="EntriesMost">Longest log.</param>
/// <param name="Folder">Below which folder the files go.</param>
internal sealed record ReplicationBenchOptions(int Rounds, TimeSpan Slice, int ClientsMost, int EntriesMost, string Folder);
