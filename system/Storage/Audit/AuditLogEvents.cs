using Microsoft.Extensions.Logging;

namespace SimGraph.Storage.Audit;

/// <summary>What the log tells an operator. Event ids 2101 to 2119.</summary>
internal static partial class AuditLogEvents
{
    [LoggerMessage(EventId = 2101, Level = LogLevel.Information,
        Message = "Audit log '{Directory}' opened: {Files} files, next event {Next}, {BytesCut} bytes cut")]
    public static partial void LogOpened(ILogger logger, string directory, int files, ulong next, long bytesCut);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning,
        Message = "A torn tail of {Bytes} bytes is cut: {Defect}. Unless the disk damaged it later, it was never acknowledged")]
    public static partial void LogTailCut(ILogger logger, AuditDefect defect, long bytes);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Debug, Message = "{File}: begun")]
    public static partial void LogFileBegun(ILogger logger, string file);

    [LoggerMessage(EventId = 2104, Level = LogLevel.Debug, Message = "{File}: compressed from {PlainBytes} to {Bytes} bytes")]
    public static partial void LogCompressed(ILogger logger, string file, long plainBytes, long bytes);

    [LoggerMessage(EventId = 2105, Level = LogLevel.Information, Message = "Retention removed {Files} files; the chain begins with event {First}")]
    public static partial void LogRetired(ILogger logger, int files, ulong first);

    [LoggerMessage(EventId = 2106, Level = LogLevel.Critical,
        Message = "Audit log '{Directory}' failed and accepts nothing more; restart the process")]
    public static partial void LogPoisoned(ILogger logger, Exception exception, string directory);

    [LoggerMessage(EventId = 2107, Level = LogLevel.Warning, Message = "{File}: not compressed; it is tried again")]
    public static partial void LogCompressionFailed(ILogger logger, Exception exception, string file);

    [LoggerMessage(EventId = 2108, Level = LogLevel.Warning, Message = "Retention of audit log '{Directory}' failed; it is tried again")]
    public static partial void LogRetentionFailed(ILogger logger, Exception exception, string directory);

    [LoggerMessage(EventId = 2109, Level = LogLevel.Error, Message = "Retention waits, it removes nothing that is damaged: {Defect}")]
    public static partial void LogRetentionWaits(ILogger logger, AuditDefect defect);

    [LoggerMessage(EventId = 2110, Level = LogLevel.Warning,
        Message = "The wall clock moved by {Jump} against the monotonic one; nothing is removed for its age in the next {SettleTime}")]
    public static partial void LogClockJumped(ILogger logger, TimeSpan jump, TimeSpan settleTime);
}
