using SimGraph.Storage.Log;

namespace SimGraph.Replication.Backup.Files;

/// <summary>A file of entries as the manifest knows it.</summary>
/// <param name="Previous">The entry before its first.</param>
/// <param name="Last">Its last entry.</param>
/// <param name="File">Length and hash.</param>
internal readonly record struct EntryFileRecord(LogPosition Previous, LogPosition Last, BackupFileRecord File);
