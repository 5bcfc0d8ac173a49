namespace SimGraph.Runtime.Tasks;

/// <summary>Work was offered to a scope that is stopping or has stopped. An <see cref="OperationCanceledException"/>: the caller's work is over too.</summary>
public sealed class ScopeStoppedException(string scope, string task)
    : OperationCanceledException($"scope '{scope}' is stopped: '{task}' was not started");
