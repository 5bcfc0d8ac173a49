using SimGraph.Coyote.Tests.Engine;
using SimGraph.Replication.Fanout.Publishing;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Coyote.Tests.Scenarios;

/// <summary>The node's loop adds entries while beats are due: a beat that spoke of an entry behind it would make every subscriber ask for what is under way.</summary>
public sealed class PublishFeedScenarios
{
    private const int Schedules = 150;

    [Fact]
    public void No_beat_overtakes_the_entries_that_it_speaks_of() => FineLane.Explore("publish feed beat against entries", Schedules, async () =>
    {
        var feed = new PublishFeed(8, new NoProbes());
        Task<List<FeedItem>> reader = Task.Run(() => ReadAsync(feed));
        Task[] writers = [Task.Run(() => Add(feed, 3)), Task.Run(() => Beat(feed, 2))];
        await Task.WhenAll(writers);
        feed.Close();

        ulong last = 0;
        foreach (FeedItem item in await reader)
        {
            if (item.Entry is { } entry)
            {
                Assert.Equal(last + 1, entry.Index);
                last = entry.Index;
            }
            else
            {
                Assert.InRange(item.Last.Index, 0ul, last);
            }
        }

        Assert.Equal(3ul, last);
    });

    private static void Add(PublishFeed feed, ulong entries)
    {
        for (ulong index = 1; index <= entries; index++)
        {
            feed.Add(new LogEntry(index, 1, LogEntryKind.NoOperation, default));
        }
    }

    private static void Beat(PublishFeed feed, int beats)
    {
        for (int i = 0; i < beats; i++)
        {
            feed.AddBeat();
        }
    }

    private static async Task<List<FeedItem>> ReadAsync(PublishFeed feed)
    {
        var items = new List<FeedItem>();
        while (await feed.WaitAsync(CancellationToken.None))
        {
            while (feed.TryTake(out FeedItem item))
            {
                items.Add(item);
            }
        }

        return items;
    }
}
