using SimGraph.Runtime.Concurrency;

namespace SimGraph.Query;

/// <summary>Where a producer puts its results. For the producer alone.</summary>
public sealed class ResultWriter<T>
{
    private readonly Mailbox<T> _items;

    internal ResultWriter(Mailbox<T> items) => _items = items;

    /// <summary>Hands a result over, waiting for room.</summary>
    /// <param name="item">The result.</param>
    /// <param name="cancellation">The token that the producer was given.</param>
    /// <exception cref="OperationCanceledException">Nobody wants results any more: the producer ends.</exception>
    public async ValueTask WriteAsync(T item, CancellationToken cancellation)
    {
        if (_items.TryPost(item))
        {
            cancellation.ThrowIfCancellationRequested();
            return;
        }

        if (!await _items.PostAsync(item, cancellation))
        {
            throw new OperationCanceledException("the stream is closed");
        }
    }
}
