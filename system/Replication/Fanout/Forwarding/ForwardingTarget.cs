using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Fanout.Forwarding;

/// <summary>A member that takes forwarded commands.</summary>
/// <param name="ForwardAddress">Its PULL.</param>
/// <param name="ControlAddress">Its ROUTER, from which the reply comes.</param>
public sealed record ForwardingTarget(NetworkAddress ForwardAddress, NetworkAddress ControlAddress);
