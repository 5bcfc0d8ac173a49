// Tells subscribers what was applied to the graph. The publisher is whoever applies log entries, and never waits: each subscriber has a bounded queue and a task of its own,
// and one that is too slow is told from which index to which it has missed changes. Nothing is dropped in silence.
//
// Concurrency model: one lock orders publications and subscriptions, so a subscriber is told of everything behind the index at which it subscribed, and of nothing before it.
// Handlers run outside of it.

using Microsoft.Extensions.Logging;
using SimGraph.Runtime;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Graph;

namespace SimGraph.Query;

/// <summary>Publishes the changes of a graph. Thread-safe.</summary>
public sealed class ChangeFeed : IGraphChangeSink, IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly TaskScope _scope;
    private readonly IProbes _probes;
    private readonly List<Subscription> _subscriptions = [];
    private ulong _last;
    private bool _closed;

    /// <summary>A feed without subscribers.</summary>
    /// <param name="platform">Logs and probes.</param>
    /// <param name="owner">The feed stops with it at the latest.</param>
    /// <param name="applied">Index of the last entry that is in the graph already.</param>
    /// <param name="options">Sizes.</param>
    /// <exception cref="ScopeStoppedException">The owner is stopped.</exception>
    public ChangeFeed(IPlatform platform, TaskScope owner, ulong applied, ChangeFeedOptions options)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        Logger = platform.Logging.CreateLogger("SimGraph.Query");
        _probes = platform.Probes;
        _last = applied;
        _scope = owner.CreateChild("changes");
    }

    internal ChangeFeedOptions Options { get; }

    internal ILogger Logger { get; }

    /// <summary>Calls a handler with every change from now on.</summary>
    /// <param name="name">Names the subscriber in reports.</param>
    /// <param name="handler">
    /// Gets one notice at a time, in order, and a token that is cancelled when the subscription ends; it must then return soon. An exception ends the subscription
    /// (<see cref="Subscription.Failure"/>).
    /// </param>
    /// <exception cref="ObjectDisposedException">The feed is stopping or has stopped.</exception>
    /// <exception cref="QueryLimitException">There are too many subscribers.</exception>
    public Subscription Subscribe(string name, Func<ChangeNotice, CancellationToken, Task> handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(handler);
        Subscription? subscription = null;
        try
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_closed, this);
                if (_subscriptions.Count == Options.SubscribersMax)
                {
                    throw new QueryLimitException($"there are {Options.SubscribersMax} subscribers: end one, or raise {nameof(ChangeFeedOptions.SubscribersMax)}");
                }

                subscription = new Subscription(this, _scope.CreateChild(name), name, handler, _last);
                _subscriptions.Add(subscription);
            }

            subscription.Start();
            return subscription;
        }
        catch (ScopeStoppedException exception)
        {
            subscription?.Close();
            throw new ObjectDisposedException("the change feed is stopped: nobody can subscribe", exception);
        }
    }

    /// <inheritdoc/>
    public void Applied(ulong index, GraphCommand command, GraphOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(outcome);
        if (outcome.IsApplied)
        {
            Publish(ChangeNotice.Of(index, command, outcome));
        }
    }

    /// <inheritdoc/>
    public void Replaced(ulong index)
    {
        lock (_gate)
        {
            if (index > _last)
            {
                Offer(ChangeNotice.Missed(_last + 1, index));
            }
        }
    }

    /// <summary>
    /// Ends every subscription and waits for the handlers that are running. Idempotent, safe against concurrent calls. What is applied afterwards is told to nobody. Must not be
    /// awaited by a handler.
    /// </summary>
    /// <exception cref="StopTimeoutException">A handler did not return within <see cref="ChangeFeedOptions.StopLimit"/>; a later call waits again.</exception>
    public async Task StopAsync()
    {
        Subscription[] subscriptions;
        lock (_gate)
        {
            _closed = true;
            subscriptions = [.. _subscriptions];
        }

        foreach (Subscription subscription in subscriptions)
        {
            subscription.Close();
        }

        await _scope.StopAsync(Options.StopLimit);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    internal void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
        }
    }

    private void Publish(ChangeNotice notice)
    {
        lock (_gate)
        {
            Invariant.Check(notice.First > _last, "changes are published in the order of the log, each once");
            Offer(notice);
        }
    }

    /// <summary>Under the lock: it is what orders a publication and a subscription. A queue calls nobody.</summary>
    private void Offer(ChangeNotice notice)
    {
        _last = notice.Last;
        foreach (Subscription subscription in _subscriptions)
        {
            if (!subscription.Offer(notice))
            {
                _probes.Reachable("query.change-missed");
            }
        }
    }
}
