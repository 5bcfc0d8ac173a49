using Microsoft.Extensions.Logging;
using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Discovery;

/// <summary>The log messages of discovery; event ids 5600 to 5699.</summary>
internal static partial class DiscoveryLog
{
    [LoggerMessage(EventId = 5601, Level = LogLevel.Information, Message = "Discovery of node {Node}, epoch {Epoch}, listens at {Address}")]
    public static partial void Started(ILogger logger, NodeId node, ulong epoch, NetworkAddress address);

    [LoggerMessage(EventId = 5602, Level = LogLevel.Information, Message = "Discovery of node {Node} stopped")]
    public static partial void Stopped(ILogger logger, NodeId node);

    [LoggerMessage(EventId = 5603, Level = LogLevel.Information, Message = "Node {Node}, epoch {Epoch}, at {Address}: {Change}")]
    public static partial void Changed(ILogger logger, NodeId node, ulong epoch, NetworkAddress address, MemberEventKind change);

    [LoggerMessage(EventId = 5604, Level = LogLevel.Error, Message = "{Change}: {Reason}")]
    public static partial void Fenced(ILogger logger, MemberEventKind change, string reason);

    [LoggerMessage(EventId = 5605, Level = LogLevel.Warning, Message = "Seed {Address} does not answer: {Reason}")]
    public static partial void SeedFailed(ILogger logger, NetworkAddress address, string reason);

    [LoggerMessage(EventId = 5606, Level = LogLevel.Debug, Message = "Heartbeat to node {Node} at {Address} failed: {Reason}")]
    public static partial void HeartbeatFailed(ILogger logger, NodeId node, NetworkAddress address, string reason);

    [LoggerMessage(EventId = 5607, Level = LogLevel.Warning, Message = "Accepting a connection for discovery failed: {Reason}")]
    public static partial void AcceptFailed(ILogger logger, string reason);

    [LoggerMessage(EventId = 5608, Level = LogLevel.Warning, Message = "Refused a question of discovery from {Address}: {Reason}")]
    public static partial void Refused(ILogger logger, NetworkAddress address, string reason);

    [LoggerMessage(EventId = 5609, Level = LogLevel.Debug, Message = "Discovery connection from {Address} ended: {Reason}")]
    public static partial void InboundEnded(ILogger logger, NetworkAddress address, string reason);
}
