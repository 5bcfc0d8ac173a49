using SimGraph.Query;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using Xunit;

namespace SimGraph.Tests.Query;

public sealed class ResultStreamTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private static readonly StreamOptions Small = new() { Capacity = 3 };

    [Fact]
    public void Results_come_in_order_and_then_the_end() => QueryLab.Run(async (_, scope) =>
    {
        await using ResultStream<int> stream = Numbers(scope, 10);
        Assert.Equal(Enumerable.Range(1, 10), await ReadAsync(stream));
        Assert.False(await stream.WaitToReadAsync(None));
    });

    [Fact]
    public void A_slow_reader_slows_the_producer_down_and_a_disposal_ends_it() => QueryLab.Run(async (platform, scope) =>
    {
        int written = 0;
        bool ended = false;
        ResultStream<int> stream = ResultStream.Start<int>(
            scope,
            "numbers",
            async (writer, cancellation) =>
            {
                try
                {
                    while (true)
                    {
                        await writer.WriteAsync(++written, cancellation);
                    }
                }
                finally
                {
                    await platform.Clock.DelayAsync(Moment, None);
                    ended = true;
                }
            },
            Small);
        await platform.Clock.DelayAsync(Moment, None);
        Assert.Equal(Small.Capacity + 1, written);
        await stream.DisposeAsync();
        Assert.True(ended);
        Assert.Empty(scope.SnapshotAlive());
        await stream.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => stream.TryRead(out _));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stream.WaitToReadAsync(None));
    });

    [Fact]
    public void A_failure_comes_behind_the_results_before_it() => QueryLab.Run(async (platform, scope) =>
    {
        await using ResultStream<int> stream = ResultStream.Start<int>(
            scope,
            "failing",
            async (writer, cancellation) =>
            {
                await writer.WriteAsync(1, cancellation);
                throw new NotSupportedException("here");
            },
            Small);
        await platform.Clock.DelayAsync(Moment, None);
        Assert.True(await stream.WaitToReadAsync(None));
        Assert.True(stream.TryRead(out int first));
        Assert.Equal(1, first);
        await Assert.ThrowsAsync<NotSupportedException>(async () => await stream.WaitToReadAsync(None));
        await Assert.ThrowsAsync<NotSupportedException>(async () => await stream.WaitToReadAsync(None));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_owners_stop_never_looks_like_an_end(bool obedient) => QueryLab.Run(async (platform, scope) =>
    {
        TaskScope owner = scope.CreateChild("owner");
        await using ResultStream<int> stream = ResultStream.Start<int>(
            owner,
            "waiting",
            async (_, cancellation) =>
            {
                Task cancelled = cancellation.WhenCancelledAsync(out CancellationTokenRegistration registration);
                await cancelled;
                await registration.DisposeAsync();
                if (obedient)
                {
                    cancellation.ThrowIfCancellationRequested();
                }
            },
            Small);
        Task<bool> reading = stream.WaitToReadAsync(None).AsTask();
        await platform.Clock.DelayAsync(Moment, None);
        await owner.StopAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.WaitToReadAsync(None));
    });

    [Fact]
    public void A_reader_that_is_waiting_when_the_stream_is_disposed_hears_of_it() => QueryLab.Run(async (platform, scope) =>
    {
        ResultStream<int> stream = ResultStream.Start<int>(
            scope, "waiting", async (_, cancellation) => await platform.Clock.DelayAsync(TimeSpan.FromHours(1), cancellation), Small);
        Task<bool> reading = stream.WaitToReadAsync(None).AsTask();
        await stream.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    });

    [Fact]
    public void A_reader_that_gave_up_reads_on() => QueryLab.Run(async (platform, scope) =>
    {
        await using ResultStream<int> stream = ResultStream.Start<int>(
            scope,
            "late",
            async (writer, cancellation) =>
            {
                await platform.Clock.DelayAsync(TimeSpan.FromSeconds(1), cancellation);
                await writer.WriteAsync(7, cancellation);
            },
            Small);
        using (var deadline = Deadline.After(platform.Clock, Moment, None))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.WaitToReadAsync(deadline.Token));
        }

        Assert.Equal([7], await ReadAsync(stream));
    });

    internal static ResultStream<int> Numbers(TaskScope owner, int count) => ResultStream.Start<int>(
        owner,
        "numbers",
        async (writer, cancellation) =>
        {
            for (int i = 1; i <= count; i++)
            {
                await writer.WriteAsync(i, cancellation);
            }
        },
        Small);

    private static async Task<List<int>> ReadAsync(ResultStream<int> stream)
    {
        var read = new List<int>();
        while (await stream.WaitToReadAsync(None))
        {
            while (stream.TryRead(out int item))
            {
                read.Add(item);
            }
        }

        return read;
    }
}
