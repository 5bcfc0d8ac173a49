using Microsoft.Extensions.Logging;

namespace SimGraph.Cluster.Discovery;

/// <summary>The log messages of this project; event ids 4000 to 4999.</summary>
internal static partial class ClusterLog
{
    [LoggerMessage(EventId = 4101, Level = LogLevel.Warning, Message = "Name {Name} was not resolved, its last known hosts stay: {Reason}")]
    public static partial void NameNotResolved(ILogger logger, string name, string reason);
}
