using SimGraph.Query;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Queries;

/// <summary>Has a feed of changes, publishes to it, stops it at random moments, and has another one.</summary>
#pragma warning disable CA1001 // Its scopes are stopped, one after the other, by StopAsync.
internal sealed class FeedHost
#pragma warning restore CA1001
{
    private readonly QueryMachine _machine;
    private readonly SortedDictionary<ulong, GraphCommand> _published = [];
    private readonly HashSet<ChangeFeed> _stopped = [];
    private TaskScope _scope;
    private int _count;

    public FeedHost(QueryMachine machine)
    {
        _machine = machine;
        Last = machine.Graph.Applied;
        Open();
    }

    /// <summary>The feed of the moment; it may be stopping.</summary>
    public ChangeFeed Feed { get; private set; }

    /// <summary>Index of the last change that was published.</summary>
    public ulong Last { get; private set; }

    public void Publish(ulong index, GraphCommand command, GraphOutcome outcome)
    {
        if (outcome.IsApplied)
        {
            _published.Add(index, command);
            Last = index;
        }

        Feed.Applied(index, command, outcome);
    }

    public GraphCommand? FindPublished(ulong index) => _published.GetValueOrDefault(index);

    /// <summary>Changes that were published between two indexes, both included.</summary>
    public int CountPublished(ulong first, ulong last)
    {
        int count = 0;
        foreach (ulong index in _published.Keys)
        {
            count += index >= first && index <= last ? 1 : 0;
        }

        return count;
    }

    /// <summary>Whether a feed was told to stop.</summary>
    public bool WasStopped(ChangeFeed feed) => _stopped.Contains(feed);

    public async Task RunAsync(CancellationToken cancellation)
    {
        Random random = _machine.Platform.Random.Get("feed-host");
        while (_machine.Plan.FeedLife > TimeSpan.Zero)
        {
            await _machine.Platform.Clock.DelayAsync(QueryMachine.Below(random, 2 * _machine.Plan.FeedLife), cancellation);
            if (_machine.IsEnding)
            {
                return;
            }

            await StopAsync();
            Open();
        }
    }

    public async Task StopAsync()
    {
        TaskScope scope = _scope;
        ChangeFeed feed = Feed;
        _stopped.Add(feed);
        using (_machine.Within("a stop of the feed"))
        {
            await feed.StopAsync();
            _machine.CheckNothingLives(scope, "a stop of the feed");
            await feed.StopAsync();
        }

        try
        {
            feed.Subscribe("late", static (_, _) => Task.CompletedTask);
            _machine.Violated("stopped-feed-took-subscriber", "a feed took a subscriber after its stop had returned");
        }
        catch (ObjectDisposedException)
        {
            // As it should be.
        }

        await scope.StopAsync();
    }

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_scope), nameof(Feed))]
    private void Open()
    {
        _scope = new TaskScope(_machine.Platform.Tasks, $"feed-{++_count}");
        Feed = new ChangeFeed(_machine.Platform, _scope, Last, new ChangeFeedOptions { QueueMax = _machine.Plan.FeedQueue });
    }
}
