using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Peers;

namespace SimGraph.Replication.Node;

/// <summary>A client's wish for another leader that is under way.</summary>
internal sealed record PendingTransfer(NodeId Target, ClientLink Client, ulong RequestId);
