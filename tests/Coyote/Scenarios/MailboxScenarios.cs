using SimGraph.Coyote.Tests.Engine;
using SimGraph.Runtime.Concurrency;
using Xunit;

namespace SimGraph.Coyote.Tests.Scenarios;

/// <summary>Posts race closing and cancelling. An item accepted and lost shows as a wrong count, a lost wakeup as a deadlock.</summary>
public sealed class MailboxScenarios
{
    private const int Schedules = 300;
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public void Posts_race_a_close() => FineLane.Explore("mailbox post against close", Schedules, async () =>
    {
        var mailbox = new Mailbox<int>(1);
        Task<int>[] writers = [Task.Run(() => PostAsync(mailbox, 10, 2, None)), Task.Run(() => PostAsync(mailbox, 20, 2, None))];
        Task<List<int>> reader = Task.Run(() => ReceiveAllAsync(mailbox));
        await Task.Yield();
        mailbox.Close();
        int[] accepted = await Task.WhenAll(writers);
        AssertPrefixes(await reader, (10, accepted[0]), (20, accepted[1]));
    });

    [Fact]
    public void Posts_race_a_cancellation() => FineLane.Explore("mailbox post against cancel", Schedules, async () =>
    {
        var mailbox = new Mailbox<int>(1);
        var source = new CancellationTokenSource();
        Task<int>[] writers =
        [
            Task.Run(() => PostAsync(mailbox, 10, 2, source.Token)),
            Task.Run(() => PostAsync(mailbox, 20, 2, None)),
        ];
        Task<List<int>> reader = Task.Run(() => ReceiveAllAsync(mailbox));
        Task cancel = Task.Run(source.Cancel);
        int[] accepted = await Task.WhenAll(writers);
        Assert.Equal(2, accepted[1]);
        await cancel;
        mailbox.Close();
        AssertPrefixes(await reader, (10, accepted[0]), (20, accepted[1]));
    });

    [Fact]
    public void A_turn_given_to_a_cancelled_writer_is_not_lost() => FineLane.Explore("mailbox turn of a cancelled writer", Schedules, async () =>
    {
        var mailbox = new Mailbox<int>(1);
        var source = new CancellationTokenSource();
        Assert.True(mailbox.TryPost(0));
        Task<int> impatient = Task.Run(() => PostAsync(mailbox, 10, 1, source.Token));
        Task<int> patient = Task.Run(() => PostAsync(mailbox, 20, 1, None));
        Task cancel = Task.Run(source.Cancel);
        Assert.True(mailbox.TryReceive(out _));

        // Nothing else is received before the patient writer has posted, unless the impatient one has.
        Task<List<int>> reader = Task.Run(() => ReceiveAllAsync(mailbox));
        int accepted = await impatient;
        Assert.Equal(1, await patient);
        await cancel;
        mailbox.Close();
        AssertPrefixes(await reader, (10, accepted), (20, 1));
    });

    [Fact]
    public void A_reader_is_cancelled_and_comes_back() => FineLane.Explore("mailbox reader cancelled", Schedules, async () =>
    {
        var mailbox = new Mailbox<int>(2);
        var source = new CancellationTokenSource();
        Task<int> writer = Task.Run(() => PostAsync(mailbox, 10, 3, None));
        Task cancel = Task.Run(source.Cancel);
        try
        {
            await mailbox.WaitToReceiveAsync(source.Token);
        }
        catch (OperationCanceledException)
        {
            // It comes back below.
        }

        Task<List<int>> reader = Task.Run(() => ReceiveAllAsync(mailbox));
        Assert.Equal(3, await writer);
        mailbox.Close();
        await cancel;
        AssertPrefixes(await reader, (10, 3));
    });

    private static async Task<int> PostAsync(Mailbox<int> mailbox, int first, int count, CancellationToken cancellationToken)
    {
        int accepted = 0;
        try
        {
            while (accepted < count && await mailbox.PostAsync(first + accepted, cancellationToken))
            {
                accepted++;
            }
        }
        catch (OperationCanceledException)
        {
            // The item that was being posted was not taken.
        }

        return accepted;
    }

    private static async Task<List<int>> ReceiveAllAsync(Mailbox<int> mailbox)
    {
        var received = new List<int>();
        while (await mailbox.WaitToReceiveAsync(None))
        {
            while (mailbox.TryReceive(out int item))
            {
                received.Add(item);
                await Task.Yield();
            }
        }

        return received;
    }

    private static void AssertPrefixes(List<int> received, params (int First, int Count)[] accepted)
    {
        Assert.Equal(accepted.Sum(writer => writer.Count), received.Count);
        foreach ((int first, int count) in accepted)
        {
            Assert.Equal(Enumerable.Range(first, count), received.Where(item => item / 10 == first / 10));
        }
    }
}
