using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Discovery;

/// <summary>The other side understood the question and will not answer it: another cluster, another version, or another node than was meant.</summary>
public sealed class DiscoveryRefusedException(NetworkAddress address, string reason) : Exception($"{address} refused: {reason}");
