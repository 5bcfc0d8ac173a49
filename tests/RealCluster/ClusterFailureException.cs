namespace SimGraph.RealCluster;

/// <summary>The cluster broke a promise.</summary>
internal sealed class ClusterFailureException(string message) : Exception(message);
