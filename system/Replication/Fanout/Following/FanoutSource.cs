using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Fanout.Following;

/// <summary>A member that publishes.</summary>
/// <param name="PublishAddress">Its PUB.</param>
/// <param name="ControlAddress">Its ROUTER.</param>
public sealed record FanoutSource(NetworkAddress PublishAddress, NetworkAddress ControlAddress);
