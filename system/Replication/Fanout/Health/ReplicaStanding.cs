namespace SimGraph.Replication.Fanout.Health;

/// <summary>What a publisher knows of a read replica.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Health">The verdict.</param>
/// <param name="AppliedIndex">The last entry that it said to have applied.</param>
/// <param name="IndexesBehind">Entries that the publisher has and it has not; 0 also when it is ahead of the publisher.</param>
/// <param name="Lag">For how long the first of them has been there; 0 when there is none.</param>
/// <param name="Silence">Age of its last report.</param>
public sealed record ReplicaStanding(
    string Name, ReplicaHealth Health, ulong AppliedIndex, ulong IndexesBehind, TimeSpan Lag, TimeSpan Silence);
