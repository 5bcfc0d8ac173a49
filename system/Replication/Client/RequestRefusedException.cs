namespace SimGraph.Replication.Client;

/// <summary>The cluster understood the request and will never serve it; nothing was done.</summary>
public sealed class RequestRefusedException(string message) : Exception(message);
