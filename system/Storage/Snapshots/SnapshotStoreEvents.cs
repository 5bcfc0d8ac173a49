using Microsoft.Extensions.Logging;

namespace SimGraph.Storage.Snapshots;

/// <summary>What the store tells an operator. Event ids 2021 to 2029.</summary>
internal static partial class SnapshotStoreEvents
{
    [LoggerMessage(EventId = 2021, Level = LogLevel.Information, Message = "{File}: snapshot up to entry {Index} saved, {Bytes} bytes")]
    public static partial void LogSaved(ILogger logger, string file, ulong index, int bytes);

    [LoggerMessage(EventId = 2022, Level = LogLevel.Error, Message = "Snapshot up to entry {Index} was not saved")]
    public static partial void LogSaveFailed(ILogger logger, Exception exception, ulong index);

    [LoggerMessage(EventId = 2023, Level = LogLevel.Warning, Message = "{File}: could not be deleted; the next open or save tries again")]
    public static partial void LogDeleteFailed(ILogger logger, Exception exception, string file);
}
