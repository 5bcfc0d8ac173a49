namespace SimGraph.Runtime.Network;

/// <summary>Turns a name into the hosts that stand behind it: DNS in production, the names of the simulated network in a run. Thread-safe.</summary>
public interface INameResolver
{
    /// <summary>
    /// The hosts behind a name, at least one, each once, in ordinal order, so that the order of an answer decides nothing. An IP address stands for
    /// itself. A silent name server makes this wait for as long as the token allows: pass one with a limit.
    /// </summary>
    /// <exception cref="NetworkException">The name does not resolve (<see cref="NetworkError.Unreachable"/>).</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<IReadOnlyList<string>> ResolveAsync(string name, CancellationToken cancellationToken);
}
