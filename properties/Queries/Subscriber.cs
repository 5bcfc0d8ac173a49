using SimGraph.Query;
using SimGraph.Runtime.Time;

namespace SimGraph.Properties.Queries;

/// <summary>A client that subscribes to changes and unsubscribes at random moments.</summary>
internal sealed class Subscriber(QueryMachine machine, string name)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    private readonly Random _random = machine.Platform.Random.Get(name);

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!machine.IsEnding)
        {
            await machine.Platform.Clock.DelayAsync(QueryMachine.Below(_random, TimeSpan.FromMilliseconds(60)), cancellation);
            using (machine.Within($"a subscription of {name}"))
            {
                await SubscribeAsync(cancellation);
            }
        }
    }

    private async Task SubscribeAsync(CancellationToken cancellation)
    {
        ChangeFeed feed = machine.Feeds.Feed;
        var watch = new NoticeWatch(machine, _random)
        {
            ClosesAt = _random.Next(5) == 0 ? 1 + _random.Next(4) : 0,
            FailsAt = _random.Next(8) == 0 ? 1 + _random.Next(4) : 0,
        };
        Subscription subscription;
        try
        {
            subscription = feed.Subscribe(name, watch.HandleAsync);
        }
        catch (ObjectDisposedException) when (machine.Feeds.WasStopped(feed))
        {
            return;
        }

        machine.World.Count("query.subscriptions");
        watch.Begin(subscription);
        machine.Check(
            subscription.After == machine.Feeds.Last, "subscribed-elsewhere", $"it begins behind {subscription.After}, and {machine.Feeds.Last} is published");
        try
        {
            await machine.Platform.Clock.DelayAsync(QueryMachine.Below(_random, TimeSpan.FromMilliseconds(1_000)), cancellation);
            if (_random.Next(2) == 0)
            {
                await CatchUpAsync(feed, watch, machine.Feeds.Last, cancellation);
            }
        }
        finally
        {
            await UnsubscribeAsync(subscription, watch);
        }

        machine.Check(
            subscription.Failure is null or NotSupportedException && (subscription.Failure is not null) == (watch.FailsAt > 0 && watch.Notices >= watch.FailsAt),
            "wrong-failure",
            $"the handler fails at notice {watch.FailsAt}, and after {watch.Notices} the subscription has {subscription.Failure}");
    }

    /// <summary>What was published has been told in the end, though nothing more is published.</summary>
    private async Task CatchUpAsync(ChangeFeed feed, NoticeWatch watch, ulong last, CancellationToken cancellation)
    {
        while (watch.Cursor < last)
        {
            if (machine.Feeds.WasStopped(feed) || watch.HasEndedItself)
            {
                return;
            }

            await machine.Platform.Clock.DelayAsync(Glance, cancellation);
        }

        machine.Reached("query.subscriber-caught-up");
    }

    private async Task UnsubscribeAsync(Subscription subscription, NoticeWatch watch)
    {
        if (watch.IsRunning)
        {
            machine.Reached("query.handler-running-at-unsubscribe");
        }

        ValueTask second = _random.Next(3) == 0 ? subscription.DisposeAsync() : ValueTask.CompletedTask;
        await subscription.DisposeAsync();
        machine.Check(!watch.IsRunning, "handler-outlived-unsubscribe", "the handler runs after the unsubscription has returned");
        watch.IsOver = true;
        await second;
        machine.World.Count("query.notices", watch.Notices);
    }
}
