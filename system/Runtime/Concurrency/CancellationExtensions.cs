namespace SimGraph.Runtime.Concurrency;

/// <summary>Callbacks on tokens whose disposal never blocks.</summary>
public static class CancellationExtensions
{
    /// <summary>Calls back when the token is cancelled; at once if it is. Dispose the result when it is no longer wanted.</summary>
    public static TokenSubscription Subscribe(
        this CancellationToken cancellationToken, Action<object?, CancellationToken> callback, object? state) =>
        new(cancellationToken.UnsafeRegister(callback, state));

    /// <summary>Calls back when the token is cancelled; at once if it is. Dispose the result when it is no longer wanted.</summary>
    public static TokenSubscription Subscribe(this CancellationToken cancellationToken, Action<object?> callback, object? state) =>
        new(cancellationToken.UnsafeRegister(callback, state));
}
