namespace SimGraph.Runtime.Concurrency;

/// <summary>
/// A token that is cancelled with either of two others. Unlike a linked <see cref="CancellationTokenSource"/>, its disposal never blocks on a
/// cancellation that is just going on. Dispose it: that takes its callbacks back.
/// </summary>
public sealed class LinkedCancellation : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly TokenSubscription _first;
    private readonly TokenSubscription _second;

    /// <summary>Links two tokens.</summary>
    public LinkedCancellation(CancellationToken first, CancellationToken second)
    {
        _first = first.Subscribe(static state => ((CancellationTokenSource)state!).Cancel(), _source);
        _second = second.Subscribe(static state => ((CancellationTokenSource)state!).Cancel(), _source);
    }

    /// <summary>The token to pass on.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }
}
