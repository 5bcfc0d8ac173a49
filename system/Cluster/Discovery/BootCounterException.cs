namespace SimGraph.Cluster.Discovery;

/// <summary>The boot counter cannot be read. To guess a number would let a stale process pass for a new one.</summary>
public sealed class BootCounterException(string message) : Exception(message);
