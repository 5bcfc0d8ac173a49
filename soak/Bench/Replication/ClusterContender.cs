namespace SimGraph.Soak.Bench.Replication;

/// <summary>A replicated log of three nodes in this process, over loopback TCP, on real disks.</summary>
/// <param name="Name">As in the tables.</param>
/// <param name="Promise">What is durable, and where, when a write is acknowledged; and what else is done by then.</param>
/// <param name="OpenAsync">Opens it in a fresh folder; returns when it takes writes.</param>
internal sealed record ClusterContender(string Name, string Promise, Func<string, Task<IMeasuredCluster>> OpenAsync);
