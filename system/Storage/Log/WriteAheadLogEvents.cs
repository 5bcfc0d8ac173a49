using Microsoft.Extensions.Logging;

namespace SimGraph.Storage.Log;

/// <summary>What the log tells an operator. Event ids 2001 to 2019.</summary>
internal static partial class WriteAheadLogEvents
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Information,
        Message = "Write-ahead log '{Directory}' opened: {Segments} segments, starts behind {Start}, {Entries} entries, {BytesCut} bytes cut")]
    public static partial void LogOpened(ILogger logger, string directory, int segments, ulong start, int entries, long bytesCut);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning,
        Message = "{File}: a torn tail of {Bytes} bytes at offset {Offset} is cut ({Damage}); it was never acknowledged")]
    public static partial void LogTailCut(ILogger logger, string file, long offset, long bytes, string damage);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning,
        Message = "{File}: removed, its creation was interrupted before anything was appended to it ({Damage})")]
    public static partial void LogSegmentRemoved(ILogger logger, string file, string damage);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Debug, Message = "{File}: begun")]
    public static partial void LogSegmentBegun(ILogger logger, string file);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Debug, Message = "{File}: deleted, all its entries are covered by a snapshot")]
    public static partial void LogSegmentDeleted(ILogger logger, string file);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Critical,
        Message = "Write-ahead log '{Directory}' failed and accepts nothing more; restart the process")]
    public static partial void LogPoisoned(ILogger logger, Exception exception, string directory);
}
