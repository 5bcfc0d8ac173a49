using SimGraph.Storage.Log;

namespace SimGraph.Replication.Backup;

/// <summary>What a restore made.</summary>
/// <param name="From">The backup.</param>
/// <param name="Position">The last entry of the old cluster that counts: the state of each node.</param>
/// <param name="Digest">Hash of that state; what every member of the old cluster had there.</param>
/// <param name="Membership">The entry behind it, which makes the new cluster; in each node's log.</param>
public sealed record RestoreSummary(BackupSummary From, LogPosition Position, UInt128 Digest, LogPosition Membership);
