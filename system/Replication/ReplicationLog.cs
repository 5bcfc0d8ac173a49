using Microsoft.Extensions.Logging;
using SimGraph.Cluster.Consensus;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication;

/// <summary>The log messages of this project; event ids 5000 to 5999.</summary>
internal static partial class ReplicationLog
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Information, Message = "Node {Node} listens at {Address}, state at entry {Applied}, log from {Start} with {Entries} entries, term {Term}")]
    public static partial void Started(ILogger logger, NodeId node, NetworkAddress address, ulong applied, ulong start, int entries, ulong term);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Information, Message = "Node {Node} stopped")]
    public static partial void Stopped(ILogger logger, NodeId node);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Critical, Message = "Node {Node} ends: it cannot go on safely")]
    public static partial void Fatal(ILogger logger, NodeId node, Exception exception);

    [LoggerMessage(EventId = 5004, Level = LogLevel.Information, Message = "Node {Node} is {Role} in term {Term}, leader {Leader}")]
    public static partial void RoleChanged(ILogger logger, NodeId node, ConsensusRole role, ulong term, NodeId? leader);

    [LoggerMessage(EventId = 5005, Level = LogLevel.Information, Message = "State at entry {Index} is durable")]
    public static partial void StateFlushed(ILogger logger, ulong index);

    [LoggerMessage(EventId = 5006, Level = LogLevel.Information, Message = "Snapshot at entry {Index} installed, {Bytes} bytes")]
    public static partial void SnapshotInstalled(ILogger logger, ulong index, long bytes);

    [LoggerMessage(EventId = 5007, Level = LogLevel.Warning, Message = "State at entry {Index} was not made durable; the log is kept and tried again later")]
    public static partial void StateNotFlushed(ILogger logger, ulong index, Exception exception);

    [LoggerMessage(EventId = 5008, Level = LogLevel.Information, Message = "Node {Node} follows the membership of entry {Index}: {Membership}")]
    public static partial void MembershipChanged(ILogger logger, NodeId node, Membership membership, ulong index);

    [LoggerMessage(EventId = 5101, Level = LogLevel.Information, Message = "Connected to node {Peer} at {Address}")]
    public static partial void PeerConnected(ILogger logger, NodeId peer, NetworkAddress address);

    [LoggerMessage(EventId = 5102, Level = LogLevel.Information, Message = "Connection to node {Peer} at {Address} failed: {Reason}")]
    public static partial void PeerFailed(ILogger logger, NodeId peer, NetworkAddress? address, string reason);

    [LoggerMessage(EventId = 5103, Level = LogLevel.Debug, Message = "Snapshot at entry {Index} sent to node {Peer}, {Bytes} bytes")]
    public static partial void SnapshotSent(ILogger logger, NodeId peer, ulong index, long bytes);

    [LoggerMessage(EventId = 5104, Level = LogLevel.Debug, Message = "Connection to node {Peer} at {Address} was ended because of its age, or because nobody used it")]
    public static partial void PeerConnectionRetired(ILogger logger, NodeId peer, NetworkAddress? address);

    [LoggerMessage(EventId = 5201, Level = LogLevel.Warning, Message = "Accepting a connection failed: {Reason}")]
    public static partial void AcceptFailed(ILogger logger, string reason);

    [LoggerMessage(EventId = 5202, Level = LogLevel.Warning, Message = "Refused {Address}: {Reason}")]
    public static partial void Refused(ILogger logger, NetworkAddress address, string reason);

    [LoggerMessage(EventId = 5203, Level = LogLevel.Debug, Message = "Connection from {Address} ended: {Reason}")]
    public static partial void InboundEnded(ILogger logger, NetworkAddress address, string reason);
}
