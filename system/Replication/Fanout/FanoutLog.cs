using Microsoft.Extensions.Logging;
using SimGraph.Replication.Fanout.Health;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Fanout;

/// <summary>The log messages of the fan-out; event ids 5500 to 5599.</summary>
internal static partial class FanoutLog
{
    [LoggerMessage(EventId = 5501, Level = LogLevel.Information, Message = "Node {Node} publishes at {Address} and to {DataCentres} further data centres")]
    public static partial void PublisherStarted(ILogger logger, int node, NetworkAddress address, int dataCentres);

    [LoggerMessage(EventId = 5502, Level = LogLevel.Information, Message = "Read replica {Replica} is {Health}: {Behind} entries and {Lag} behind, last heard {Silence} ago")]
    public static partial void HealthChanged(ILogger logger, string replica, ReplicaHealth health, ulong behind, TimeSpan lag, TimeSpan silence);

    [LoggerMessage(EventId = 5511, Level = LogLevel.Information, Message = "Read replica {Replica} follows from entry {Applied}")]
    public static partial void ReplicaStarted(ILogger logger, string replica, ulong applied);

    [LoggerMessage(EventId = 5512, Level = LogLevel.Warning, Message = "Read replica {Replica} heard nothing from {Address} for {Silence}: it turns to {Next}")]
    public static partial void SourceSilent(ILogger logger, string replica, NetworkAddress address, TimeSpan silence, NetworkAddress next);

    [LoggerMessage(EventId = 5513, Level = LogLevel.Information, Message = "Read replica {Replica} installed the state at entry {Index}, {Bytes} bytes")]
    public static partial void StateInstalled(ILogger logger, string replica, ulong index, long bytes);

    [LoggerMessage(EventId = 5514, Level = LogLevel.Warning, Message = "Read replica {Replica} could not make its state durable; it goes on, and would catch up from further back")]
    public static partial void StateNotFlushed(ILogger logger, string replica, Exception exception);

    [LoggerMessage(EventId = 5515, Level = LogLevel.Critical, Message = "Read replica {Replica} ends: it cannot go on safely")]
    public static partial void ReplicaFatal(ILogger logger, string replica, Exception exception);

    [LoggerMessage(EventId = 5516, Level = LogLevel.Warning, Message = "Read replica {Replica} cannot bind to {Address}: {Reason}")]
    public static partial void CannotBind(ILogger logger, string replica, NetworkAddress address, string reason);
}
