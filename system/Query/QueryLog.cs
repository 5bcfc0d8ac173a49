using Microsoft.Extensions.Logging;

namespace SimGraph.Query;

/// <summary>The log messages of queries; event ids 6000 to 6099.</summary>
internal static partial class QueryLog
{
    [LoggerMessage(EventId = 6001, Level = LogLevel.Error, Message = "Subscriber {Name} failed at change {Index}, and is not told of further ones")]
    public static partial void HandlerFailed(ILogger logger, string name, ulong index, Exception exception);
}
