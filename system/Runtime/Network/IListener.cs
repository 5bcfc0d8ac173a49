namespace SimGraph.Runtime.Network;

/// <summary>An open port. Disposal closes it and resets connections that nobody accepted. Thread-safe; disposal is idempotent.</summary>
public interface IListener : IAsyncDisposable
{
    /// <summary>The address in use, with the real port if 0 was asked for.</summary>
    NetworkAddress LocalAddress { get; }

    /// <summary>Waits for the next connection. One caller at a time.</summary>
    /// <exception cref="ObjectDisposedException">The listener was disposed, before or during the call.</exception>
    /// <exception cref="NetworkException">Accepting failed; the listener may be tried again.</exception>
    ValueTask<IConnection> AcceptAsync(CancellationToken cancellationToken);
}
