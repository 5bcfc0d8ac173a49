namespace SimGraph.Runtime.Concurrency;

/// <summary>
/// A callback on a token. Unlike a <see cref="CancellationTokenRegistration"/>, its disposal does not wait for a callback that is just running: that
/// would block a thread on another task's progress, which no scheduler of ours could resolve. The callback must therefore be harmless when it is late.
/// </summary>
public readonly struct TokenSubscription : IDisposable
{
    private readonly CancellationTokenRegistration _registration;

    internal TokenSubscription(CancellationTokenRegistration registration) => _registration = registration;

    /// <summary>Takes the callback back, unless it has begun.</summary>
    public void Dispose() => _registration.Unregister();
}
