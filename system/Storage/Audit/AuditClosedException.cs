namespace SimGraph.Storage.Audit;

/// <summary>The log is stopping or has stopped; the event was not taken and will never be durable.</summary>
public sealed class AuditClosedException(string directory) : Exception($"the audit log in '{directory}' is stopped: the event was not taken");
