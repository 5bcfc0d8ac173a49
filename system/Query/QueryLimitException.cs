namespace SimGraph.Query;

/// <summary>A query met one of its limits: it has no answer, instead of a part of one.</summary>
public sealed class QueryLimitException(string message) : Exception(message);
