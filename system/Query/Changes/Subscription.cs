using Microsoft.Extensions.Logging;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Query;

/// <summary>One subscriber of a <see cref="ChangeFeed"/>: its handler is called with one notice at a time, in order, on a task of its own. Thread-safe.</summary>
public sealed class Subscription : IAsyncDisposable
{
    private readonly ChangeFeed _feed;
    private readonly TaskScope _scope;
    private readonly ChangeQueue _queue;
    private readonly Func<ChangeNotice, CancellationToken, Task> _handler;
    private Exception? _failure;

    internal Subscription(ChangeFeed feed, TaskScope scope, string name, Func<ChangeNotice, CancellationToken, Task> handler, ulong after)
    {
        _feed = feed;
        _scope = scope;
        _queue = new ChangeQueue(feed.Options.QueueMax);
        _handler = handler;
        Name = name;
        After = after;
    }

    /// <summary>Its name, for reports.</summary>
    public string Name { get; }

    /// <summary>It is told of every change behind this index: one by one, or as missed.</summary>
    public ulong After { get; }

    /// <summary>What the handler threw; the subscription ended with it. Null while none did.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>
    /// Ends the subscription without waiting: no further notification begins, but one that has begun may still run. The way to end it from its own handler; then nothing
    /// follows the notification that is being handled.
    /// </summary>
    public void Close()
    {
        _feed.Remove(this);
        _queue.Close();
    }

    /// <summary>
    /// Ends the subscription: when the call has returned, no notification begins and none runs. The token of one that is running is cancelled. Idempotent. Must not be
    /// awaited by the handler, which would wait for itself: it calls <see cref="Close"/>.
    /// </summary>
    /// <exception cref="StopTimeoutException">The handler did not return within <see cref="ChangeFeedOptions.StopLimit"/>; a later call waits again.</exception>
    public async ValueTask DisposeAsync()
    {
        Close();
        await _scope.StopAsync(_feed.Options.StopLimit);
    }

    internal void Start() => _scope.Run("notify", NotifyAsync);

    /// <summary>False when the notice is missed.</summary>
    internal bool Offer(ChangeNotice notice) => _queue.Add(notice);

    private async Task NotifyAsync(CancellationToken stopping)
    {
        while (await _queue.TakeAsync(stopping) is { } notice)
        {
            stopping.ThrowIfCancellationRequested();
            try
            {
                await _handler(notice, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A handler is not ours: its failure ends its subscription, and is told.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Volatile.Write(ref _failure, exception);
                QueryLog.HandlerFailed(_feed.Logger, Name, notice.First, exception);
                Close();
                return;
            }
        }
    }
}
