namespace SimGraph.Replication.Client;

/// <summary>A write was sent, and what became of it cannot be told: it may have been applied once, or never will be.</summary>
public sealed class OutcomeUnknownException(string message, Exception? innerException = null) : Exception(message, innerException);
