using Microsoft.Extensions.Logging;

namespace SimGraph.Storage.Lsm;

/// <summary>What a tree tells an operator. Event ids 2041 to 2059.</summary>
internal static partial class LsmEvents
{
    [LoggerMessage(EventId = 2041, Level = LogLevel.Information,
        Message = "Tree '{Folder}' opened: {Tables} tables, everything up to {Sequence}; {Orphans} left-over files removed, {BytesCut} bytes of the manifest cut")]
    public static partial void LogOpened(ILogger logger, string folder, int tables, ulong sequence, int orphans, int bytesCut);

    [LoggerMessage(EventId = 2042, Level = LogLevel.Debug, Message = "{File}: flushed, {Entries} versions, {Bytes} bytes, everything up to {Sequence}")]
    public static partial void LogFlushed(ILogger logger, string file, long entries, long bytes, ulong sequence);

    [LoggerMessage(EventId = 2043, Level = LogLevel.Error, Message = "Tree '{Folder}': a flush failed and will be tried again in {Delay}")]
    public static partial void LogFlushFailed(ILogger logger, Exception exception, string folder, TimeSpan delay);

    [LoggerMessage(EventId = 2044, Level = LogLevel.Debug,
        Message = "Tree '{Folder}': {Inputs} tables of levels {Level} and below became {Outputs}, {BytesRead} bytes {BytesWritten} bytes")]
    public static partial void LogCompacted(ILogger logger, string folder, int inputs, int level, int outputs, long bytesRead, long bytesWritten);

    [LoggerMessage(EventId = 2045, Level = LogLevel.Error,
        Message = "Tree '{Folder}': a compaction failed, nothing was changed, and it will be tried again in {Delay}")]
    public static partial void LogCompactionFailed(ILogger logger, Exception exception, string folder, TimeSpan delay);

    [LoggerMessage(EventId = 2046, Level = LogLevel.Warning, Message = "{File}: could not be deleted; the next open tries again")]
    public static partial void LogDeleteFailed(ILogger logger, Exception exception, string file);

    [LoggerMessage(EventId = 2047, Level = LogLevel.Critical, Message = "Tree '{Folder}' failed and accepts nothing more; restart the process")]
    public static partial void LogPoisoned(ILogger logger, Exception exception, string folder);

    [LoggerMessage(EventId = 2048, Level = LogLevel.Warning, Message = "Tree '{Folder}': writes wait: {Reason}")]
    public static partial void LogStalled(ILogger logger, string folder, string reason);

    [LoggerMessage(EventId = 2049, Level = LogLevel.Error, Message = "{File}: could not be written and will be written anew in {Delay}")]
    public static partial void LogManifestFailed(ILogger logger, Exception exception, string file, TimeSpan delay);
}
