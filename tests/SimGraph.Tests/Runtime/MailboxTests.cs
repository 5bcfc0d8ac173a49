using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using Xunit;

namespace SimGraph.Tests.Runtime;

public sealed class MailboxTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public void Items_come_out_in_the_order_they_went_in()
    {
        var mailbox = new Mailbox<int>(3);
        Assert.True(mailbox.TryPost(1));
        Assert.True(mailbox.TryPost(2));
        Assert.True(mailbox.TryPost(3));
        Assert.Equal(3, mailbox.Count);
        Assert.Equal([1, 2, 3], Drain(mailbox));
        Assert.Equal(0, mailbox.Count);
    }

    [Fact]
    public void A_full_mailbox_refuses()
    {
        var mailbox = new Mailbox<int>(1);
        Assert.True(mailbox.TryPost(1));
        Assert.False(mailbox.TryPost(2));
        Assert.Equal([1], Drain(mailbox));
        Assert.True(mailbox.TryPost(3));
    }

    [Fact]
    public void A_capacity_below_one_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new Mailbox<int>(0));

    [Fact]
    public async Task A_waiting_writer_is_let_in_by_a_receive_and_not_overtaken()
    {
        var mailbox = new Mailbox<int>(1);
        mailbox.TryPost(1);
        Task<bool> second = mailbox.PostAsync(2, None);
        Task<bool> third = mailbox.PostAsync(3, None);
        Assert.False(second.IsCompleted);
        Assert.True(mailbox.TryReceive(out int first));
        Assert.Equal(1, first);
        Assert.False(mailbox.TryPost(4));
        Assert.True(await second);
        Assert.False(third.IsCompleted);
        Assert.True(mailbox.TryReceive(out int next));
        Assert.Equal(2, next);
        Assert.True(await third);
        Assert.Equal([3], Drain(mailbox));
    }

    [Fact]
    public async Task A_reader_waits_for_an_item()
    {
        var mailbox = new Mailbox<int>(1);
        Task<bool> waiting = mailbox.WaitToReceiveAsync(None);
        Assert.False(waiting.IsCompleted);
        Assert.True(await mailbox.PostAsync(1, None));
        Assert.True(await waiting);
        Assert.Equal([1], Drain(mailbox));
    }

    [Fact]
    public async Task Two_readers_at_once_are_a_bug()
    {
        var mailbox = new Mailbox<int>(1);
        Task<bool> waiting = mailbox.WaitToReceiveAsync(None);
        await Assert.ThrowsAsync<InvariantViolationException>(() => mailbox.WaitToReceiveAsync(None));
        mailbox.Close();
        Assert.False(await waiting);
    }

    [Fact]
    public async Task Closing_ends_the_waiting_reader()
    {
        var mailbox = new Mailbox<int>(1);
        Task<bool> waiting = mailbox.WaitToReceiveAsync(None);
        mailbox.Close();
        mailbox.Close();
        Assert.False(await waiting);
        Assert.True(mailbox.IsClosed);
        Assert.False(await mailbox.WaitToReceiveAsync(None));
    }

    [Fact]
    public async Task Closing_refuses_waiting_and_new_writers_and_keeps_what_was_accepted()
    {
        var mailbox = new Mailbox<int>(1);
        Assert.True(await mailbox.PostAsync(1, None));
        Task<bool> waiting = mailbox.PostAsync(2, None);
        mailbox.Close();
        Assert.False(await waiting);
        Assert.False(await mailbox.PostAsync(3, None));
        Assert.False(mailbox.TryPost(4));
        Assert.True(await mailbox.WaitToReceiveAsync(None));
        Assert.Equal([1], Drain(mailbox));
        Assert.False(await mailbox.WaitToReceiveAsync(None));
    }

    [Fact]
    public async Task A_cancelled_writer_gives_its_item_back()
    {
        var mailbox = new Mailbox<int>(1);
        using var source = new CancellationTokenSource();
        mailbox.TryPost(1);
        Task<bool> cancelled = mailbox.PostAsync(2, source.Token);
        Task<bool> patient = mailbox.PostAsync(3, None);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => mailbox.PostAsync(4, source.Token));
        Assert.True(mailbox.TryReceive(out _));
        Assert.True(await patient);
        Assert.Equal([3], Drain(mailbox));
    }

    [Fact]
    public async Task A_writer_cancelled_after_its_item_was_taken_has_posted()
    {
        var mailbox = new Mailbox<int>(1);
        using var source = new CancellationTokenSource();
        mailbox.TryPost(1);
        Task<bool> lucky = mailbox.PostAsync(2, source.Token);
        Task<bool> patient = mailbox.PostAsync(3, None);
        Assert.True(mailbox.TryReceive(out _));
        source.Cancel();
        Assert.True(await lucky);
        Assert.True(mailbox.TryReceive(out int item));
        Assert.Equal(2, item);
        Assert.True(await patient);
    }

    [Fact]
    public async Task A_cancelled_reader_loses_no_item_and_may_come_back()
    {
        var mailbox = new Mailbox<int>(1);
        using var source = new CancellationTokenSource();
        Task<bool> cancelled = mailbox.WaitToReceiveAsync(source.Token);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Task<bool> waiting = mailbox.WaitToReceiveAsync(None);
        mailbox.TryPost(1);
        Assert.True(await waiting);
        Assert.Equal([1], Drain(mailbox));
    }

    [Fact]
    public async Task Many_writers_and_one_reader_lose_and_repeat_nothing()
    {
        const int Writers = 4;
        const int ItemsEach = 5000;
        var mailbox = new Mailbox<(int Writer, int Item)>(8);
        Task[] writers = new Task[Writers];
        for (int w = 0; w < Writers; w++)
        {
            int writer = w;
            writers[w] = Task.Run(async () =>
            {
                for (int item = 0; item < ItemsEach; item++)
                {
                    Assert.True(await mailbox.PostAsync((writer, item), None));
                }
            }, None);
        }

        int[] next = new int[Writers];
        Task reader = Task.Run(async () =>
        {
            while (await mailbox.WaitToReceiveAsync(None))
            {
                while (mailbox.TryReceive(out (int Writer, int Item) received))
                {
                    Assert.Equal(next[received.Writer]++, received.Item);
                }
            }
        }, None);
        await Task.WhenAll(writers);
        mailbox.Close();
        await reader;
        Assert.All(next, count => Assert.Equal(ItemsEach, count));
    }

    [Fact]
    public async Task Writers_that_are_cancelled_at_random_post_exactly_what_they_were_told()
    {
        var mailbox = new Mailbox<int>(1);
        int accepted = 0;
        int received = 0;
        Task reader = Task.Run(async () =>
        {
            while (await mailbox.WaitToReceiveAsync(None))
            {
                while (mailbox.TryReceive(out _))
                {
                    received++;
                }
            }
        }, None);
        Task[] writers = new Task[4];
        for (int w = 0; w < writers.Length; w++)
        {
            writers[w] = Task.Run(async () =>
            {
                for (int item = 0; item < 2000; item++)
                {
                    using var source = new CancellationTokenSource();
                    Task<bool> post = mailbox.PostAsync(item, source.Token);
                    source.Cancel();
                    try
                    {
                        Assert.True(await post);
                        Interlocked.Increment(ref accepted);
                    }
                    catch (OperationCanceledException)
                    {
                        // Not taken: it must not be received either.
                    }
                }
            }, None);
        }

        await Task.WhenAll(writers);
        mailbox.Close();
        await reader;
        Assert.Equal(accepted, received);
    }

    private static List<int> Drain(Mailbox<int> mailbox)
    {
        var items = new List<int>();
        while (mailbox.TryReceive(out int item))
        {
            items.Add(item);
        }

        return items;
    }
}
