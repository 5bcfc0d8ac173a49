namespace SimGraph.Replication.Wire;

/// <summary>Bytes from a connection break the protocol. The connection they came from is closed; nothing else is harmed.</summary>
public sealed class ProtocolException(string message) : FormatException(message);
