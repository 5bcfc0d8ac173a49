using SimGraph.Query;
using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Graph;
using Xunit;

namespace SimGraph.Tests.Query;

public sealed class ChangeFeedTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private static readonly GraphCommand Command = new(new CreateNode(LabelSet.Empty, PropertyMap.Empty));
    private static readonly GraphOutcome Done = GraphOutcome.Applied([]);

    [Fact]
    public void A_subscriber_is_told_of_everything_behind_its_beginning_in_order() => QueryLab.Run(async (platform, scope) =>
    {
        ChangeFeed feed = Feed(platform, scope, queue: 10);
        Publish(feed, 4, 5);
        var told = new List<string>();
        Subscription subscription = feed.Subscribe("s", Tell(told));
        Assert.Equal(5ul, subscription.After);
        Publish(feed, 6, 9);
        feed.Applied(12, Command, GraphOutcome.Failed(GraphError.NoSuchNode, 0));
        await platform.Clock.DelayAsync(Moment, None);
        Assert.Equal(["6", "9"], told);
        await subscription.DisposeAsync();
    });

    [Fact]
    public void Who_is_too_slow_is_told_what_it_has_missed_and_where() => QueryLab.Run(async (platform, scope) =>
    {
        ChangeFeed feed = Feed(platform, scope, queue: 2);
        var told = new List<string>();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Subscription subscription = feed.Subscribe("s", async (notice, _) =>
        {
            Write(told, notice);
            await gate.Task;
        });
        Publish(feed, 1);
        await platform.Clock.DelayAsync(Moment, None);

        // One is handled, two wait, and what comes is missed.
        Publish(feed, 2, 3, 5, 8, 9);
        gate.SetResult();
        await platform.Clock.DelayAsync(Moment, None);
        Assert.Equal(["1", "2", "3", "missed 5 to 9"], told);
        Publish(feed, 10);
        await platform.Clock.DelayAsync(Moment, None);
        Assert.Equal("10", told[^1]);
        await subscription.DisposeAsync();
    });

    [Fact]
    public void What_is_missed_is_told_ahead_of_what_comes_behind_it() => QueryLab.Run(async (platform, scope) =>
    {
        ChangeFeed feed = Feed(platform, scope, queue: 2);
        var told = new List<string>();
        var turns = new Queue<TaskCompletionSource>(Enumerable.Range(0, 10).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        TaskCompletionSource[] all = [.. turns];
        await using Subscription subscription = feed.Subscribe("s", async (notice, _) =>
        {
            Write(told, notice);
            await turns.Dequeue().Task;
        });
        Publish(feed, 1);
        await platform.Clock.DelayAsync(Moment, None);
        Publish(feed, 2, 3, 4);
        all[0].SetResult();
        await platform.Clock.DelayAsync(Moment, None);

        // There is room for one: it is the word of the gap, and the change behind it opens another.
        Publish(feed, 5, 6);
        foreach (TaskCompletionSource turn in all[1..])
        {
            turn.SetResult();
        }

        await platform.Clock.DelayAsync(Moment, None);
        Assert.Equal(["1", "2", "3", "missed 4 to 4", "missed 5 to 6"], told);
    });

    [Fact]
    public void Nothing_begins_and_nothing_runs_when_an_unsubscription_has_returned() => QueryLab.Run(async (platform, scope) =>
    {
        ChangeFeed feed = Feed(platform, scope, queue: 10);
        int begun = 0;
        int ended = 0;
        Subscription subscription = feed.Subscribe("s", async (_, _) =>
        {
            begun++;
            await platform.Clock.DelayAsync(10 * Moment, None);
            ended++;
        });
        Publish(feed, 1, 2, 3);
        await platform.Clock.DelayAsync(Moment, None);
        await subscription.DisposeAsync();
        Assert.Equal((1, 1), (begun, ended));
        Publish(feed, 4);
        await platform.Clock.DelayAsync(TimeSpan.FromSeconds(1), None);
        Assert.Equal(1, begun);
        await subscription.DisposeAsync();
        Assert.Empty(scope.SnapshotAlive());
    });

    [Fact]
    public void A_handler_can_end_its_own_subscription() => QueryLab.Run(async (platform, scope) =>
    {
        ChangeFeed feed = Feed(platform, scope, queue: 10);
        var told = new List<string>();
        Subscription? subscription = null;
        subscription = feed.Subscribe("s", (notice, _) =>
        {
            Write(told, notice);
            subscription!.Close();
            return Task.CompletedTask;
        });
        Publish(feed, 1, 2, 3);
        await platform.Clock.DelayAsync(Moment, None);
        Assert.Equal(["1"], told);
        await subscription.DisposeAsync();
    });

    [Fact]
    public void A_handler_that_fails_ends_its_own_subscription_only() => QueryLab.Run(async (platform, scope) =>
    {
        ChangeFeed feed = Feed(platform, scope, queue: 10);
        var told = new List<string>();
        Subscription failing = feed.Subscribe("failing", static (_, _) => throw new NotSupportedException());
        Subscription other = feed.Subscribe("other", Tell(told));
        Publish(feed, 1, 2);
        await platform.Clock.DelayAsync(Moment, None);
        Assert.IsType<NotSupportedException>(failing.Failure);
        Assert.Equal(["1", "2"], told);
        await failing.DisposeAsync();
        await other.DisposeAsync();
        Assert.Null(other.Failure);
    });

    [Fact]
    public void A_replaced_graph_is_told_as_missed_changes() => QueryLab.Run(async (platform, scope) =>
    {
        ChangeFeed feed = Feed(platform, scope, queue: 10);
        var told = new List<string>();
        await using Subscription subscription = feed.Subscribe("s", Tell(told));
        Publish(feed, 2);
        feed.Replaced(50);
        Publish(feed, 51);
        await platform.Clock.DelayAsync(Moment, None);
        Assert.Equal(["2", "missed 3 to 50", "51"], told);
    });

    [Fact]
    public void A_stop_waits_for_handlers_and_refuses_subscribers() => QueryLab.Run(async (platform, scope) =>
    {
        ChangeFeed feed = Feed(platform, scope, queue: 10);
        bool ended = false;
        feed.Subscribe("s", async (_, _) =>
        {
            await platform.Clock.DelayAsync(10 * Moment, None);
            ended = true;
        });
        Publish(feed, 1, 2);
        await platform.Clock.DelayAsync(Moment, None);
        await feed.StopAsync();
        Assert.True(ended);
        Assert.Empty(scope.SnapshotAlive());
        Assert.Throws<ObjectDisposedException>(() => feed.Subscribe("late", Tell([])));
        Publish(feed, 3);
        await feed.StopAsync();
    });

    [Fact]
    public void A_change_that_comes_twice_is_refused() => QueryLab.Run((platform, scope) =>
    {
        ChangeFeed feed = Feed(platform, scope, queue: 10);
        Publish(feed, 7);
        Assert.Throws<InvariantViolationException>(() => Publish(feed, 7));
        return Task.CompletedTask;
    });

    private static ChangeFeed Feed(IPlatform platform, TaskScope owner, int queue) => new(platform, owner, 0, new ChangeFeedOptions { QueueMax = queue });

    private static void Publish(ChangeFeed feed, params ReadOnlySpan<ulong> indexes)
    {
        foreach (ulong index in indexes)
        {
            feed.Applied(index, Command, Done);
        }
    }

    private static Func<ChangeNotice, CancellationToken, Task> Tell(List<string> told) => (notice, _) =>
    {
        Write(told, notice);
        return Task.CompletedTask;
    };

    private static void Write(List<string> told, ChangeNotice notice) => told.Add(notice.IsMissed ? notice.ToString() : $"{notice.First}");
}
