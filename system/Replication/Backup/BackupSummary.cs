using SimGraph.Storage.Log;

namespace SimGraph.Replication.Backup;

/// <summary>What a backup folder holds.</summary>
/// <param name="Id">Names the backup.</param>
/// <param name="ClusterId">The cluster it is from.</param>
/// <param name="Base">The state that it begins with: the earliest point it can be restored to.</param>
/// <param name="End">Its last entry: the latest point it can be restored to.</param>
/// <param name="Bytes">Bytes of its files, without the manifest.</param>
public sealed record BackupSummary(ulong Id, string ClusterId, LogPosition Base, LogPosition End, long Bytes);
