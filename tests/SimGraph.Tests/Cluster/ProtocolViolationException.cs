namespace SimGraph.Tests.Cluster;

/// <summary>A promise of the protocol was broken in a toy cluster.</summary>
internal sealed class ProtocolViolationException(string message) : Exception(message);
