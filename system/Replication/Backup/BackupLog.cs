using Microsoft.Extensions.Logging;
using SimGraph.Runtime.Network;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Backup;

/// <summary>The log messages of backup and restore; event ids 5800 to 5899.</summary>
internal static partial class BackupLog
{
    [LoggerMessage(EventId = 5801, Level = LogLevel.Information, Message = "Backup of {Cluster} taken from {Member}: base {Base}, end {End}, {Bytes} bytes")]
    public static partial void Taken(ILogger logger, string cluster, NetworkAddress member, LogPosition @base, LogPosition end, long bytes);

    [LoggerMessage(EventId = 5802, Level = LogLevel.Information, Message = "Backup of {Cluster} goes to {End}")]
    public static partial void Extended(ILogger logger, string cluster, LogPosition end);

    [LoggerMessage(EventId = 5803, Level = LogLevel.Information, Message = "Backup: {Reason}; another member is asked")]
    public static partial void SourceFailed(ILogger logger, string reason);

    [LoggerMessage(EventId = 5804, Level = LogLevel.Information, Message = "Restored backup of {From} at {Position} into '{Folder}' for cluster {To}")]
    public static partial void Restored(ILogger logger, string from, LogPosition position, string folder, string to);
}
