namespace SimGraph.Storage.Log;

/// <summary>The log is stopping or has stopped; the batch was not taken and will never be durable.</summary>
public sealed class LogClosedException(string directory)
    : Exception($"the write-ahead log in '{directory}' is stopped: the batch was not taken");
