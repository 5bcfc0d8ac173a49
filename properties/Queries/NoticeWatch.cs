using SimGraph.Query;
using SimGraph.Runtime.Time;

namespace SimGraph.Properties.Queries;

/// <summary>The handler of one subscription. Judges each notice: in order, none left out in silence, none twice, none after the end.</summary>
internal sealed class NoticeWatch(QueryMachine machine, Random random)
{
    private Subscription? _subscription;
    private bool _lingers = random.Next(10) == 0;

    /// <summary>The last index that it was told of, one way or the other.</summary>
    public ulong Cursor { get; private set; }

    /// <summary>A call is under way.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>The subscription has ended, by the word of whoever ended it.</summary>
    public bool IsOver { get; set; }

    /// <summary>Ends its own subscription with this notice; 0 for never.</summary>
    public int ClosesAt { get; init; }

    /// <summary>Throws at this notice; 0 for never.</summary>
    public int FailsAt { get; init; }

    public int Notices { get; private set; }

    public bool HasEndedItself => (ClosesAt > 0 && Notices >= ClosesAt) || (FailsAt > 0 && Notices >= FailsAt);

    public void Begin(Subscription subscription)
    {
        _subscription = subscription;
        Cursor = subscription.After;
    }

    public async Task HandleAsync(ChangeNotice notice, CancellationToken cancellation)
    {
        machine.Check(!IsOver, "notified-after-unsubscribe", $"notice {notice} came after the unsubscription had returned");
        machine.Check(!HasEndedItself, "notified-after-close", $"notice {notice} came after the handler had ended its subscription");
        machine.Check(!IsRunning, "notified-twice-at-a-time", $"notice {notice} came while another one was handled");
        IsRunning = true;
        Notices++;
        Judge(notice);
        try
        {
            if (ClosesAt == Notices)
            {
                _subscription!.Close();
            }

            if (FailsAt == Notices)
            {
                throw new NotSupportedException("planned");
            }

            if (_lingers)
            {
                _lingers = false;
                await machine.LingerAsync(cancellation);
            }
            else if (random.Next(3) == 0)
            {
                await machine.Platform.Clock.DelayAsync(
                    QueryMachine.Below(random, TimeSpan.FromMilliseconds(300)), random.Next(2) == 0 ? cancellation : CancellationToken.None);
            }
        }
        finally
        {
            IsRunning = false;
        }
    }

    private void Judge(ChangeNotice notice)
    {
        FeedHost feeds = machine.Feeds;
        machine.Check(notice.First > Cursor, "change-repeated", $"notice {notice} came after {Cursor}");
        machine.Check(notice.Last >= notice.First, "notice-order", $"notice {notice} ends before it begins");
        int between = feeds.CountPublished(Cursor + 1, notice.First - 1);
        machine.Check(between == 0, "change-lost", $"{between} changes between {Cursor} and {notice} were not told");
        if (notice.IsMissed)
        {
            machine.Check(feeds.CountPublished(notice.First, notice.Last) > 0, "missed-nothing", $"notice {notice} speaks of changes that there are not");
            machine.World.Count("query.missed-notices");
        }
        else
        {
            machine.Check(ReferenceEquals(feeds.FindPublished(notice.First), notice.Command), "wrong-change", $"notice {notice} is not what was applied");
        }

        Cursor = notice.Last;
    }
}
