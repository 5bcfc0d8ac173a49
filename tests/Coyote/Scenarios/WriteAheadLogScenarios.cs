using SimGraph.Coyote.Tests.Engine;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Coyote.Tests.Scenarios;

/// <summary>Appends race a stop, a cancellation and a failing disk. What was acknowledged is there after opening again; nothing hangs, nothing stays open.</summary>
public sealed class WriteAheadLogScenarios
{
    private const int Schedules = 150;
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly WriteAheadLogOptions Options = new() { QueueLengthMax = 1 };

    [Fact]
    public void Appends_race_a_stop() => FineLane.Explore("wal append against stop", Schedules, async () =>
    {
        var machine = new FineLanePlatform("m", new FineLaneClock(), new FineLaneNetwork());
        var scope = new TaskScope(machine.Tasks, "test");
        WriteAheadLog log = await WriteAheadLog.OpenAsync(machine, scope, Options, None);
        Task<Outcome>[] appends = [.. Enumerable.Range(1, 3).Select(i => AppendAsync(log, (ulong)i, None))];
        Task<Outcome>[] running = [.. appends.Select(append => Task.Run(() => append))];
        Task stop = Task.Run(log.StopAsync);
        Outcome[] outcomes = await Task.WhenAll(running);
        await stop;
        await scope.StopAsync();
        await AssertHoldsAsync(machine, outcomes);
    });

    [Fact]
    public void Appends_from_several_tasks_race_a_stop() => FineLane.Explore("wal writers against stop", Schedules, async () =>
    {
        var machine = new FineLanePlatform("m", new FineLaneClock(), new FineLaneNetwork());
        var scope = new TaskScope(machine.Tasks, "test");
        WriteAheadLog log = await WriteAheadLog.OpenAsync(machine, scope, new WriteAheadLogOptions(), None);

        // State only: such batches may come in any order.
        Task<Outcome>[] writers = [.. Enumerable.Range(1, 3).Select(i => Task.Run(() => AppendStateAsync(log, (byte)i)))];
        Task first = Task.Run(log.StopAsync);
        Task second = Task.Run(() => scope.StopAsync());
        Outcome[] outcomes = await Task.WhenAll(writers);
        await first;
        await second;
        Assert.DoesNotContain(Outcome.Failed, outcomes);
        Assert.Equal(0, machine.Files.OpenFiles);
        await using var again = new TaskScope(machine.Tasks, "again");
        WriteAheadLog reopened = await WriteAheadLog.OpenAsync(machine, again, new WriteAheadLogOptions(), None);
        Assert.Equal(outcomes.Contains(Outcome.Durable), reopened.Recovered.State is not null);
    });

    [Fact]
    public void A_waiting_append_is_cancelled() => FineLane.Explore("wal append against cancel", Schedules, async () =>
    {
        var machine = new FineLanePlatform("m", new FineLaneClock(), new FineLaneNetwork());
        var scope = new TaskScope(machine.Tasks, "test");
        WriteAheadLog log = await WriteAheadLog.OpenAsync(machine, scope, Options, None);
        var source = new CancellationTokenSource();
        Task<Outcome> first = AppendAsync(log, 1, None);
        Task<Outcome> impatient = AppendAsync(log, 2, source.Token);
        Task cancel = Task.Run(source.Cancel);
        Outcome[] outcomes = [await first, await impatient];
        await cancel;
        await log.StopAsync();
        await scope.StopAsync();
        Assert.Equal(Outcome.Durable, outcomes[0]);
        await AssertHoldsAsync(machine, outcomes);
    });

    [Fact]
    public void A_failed_flush_fails_everyone_and_hangs_nobody() => FineLane.Explore("wal failed flush", Schedules, async () =>
    {
        var machine = new FineLanePlatform("m", new FineLaneClock(), new FineLaneNetwork());
        var scope = new TaskScope(machine.Tasks, "test");
        WriteAheadLog log = await WriteAheadLog.OpenAsync(machine, scope, Options, None);
        machine.Files.FailFlushAfter(1);
        Task<Outcome>[] appends = [.. Enumerable.Range(1, 4).Select(i => AppendAsync(log, (ulong)i, None))];
        Task stop = Task.Run(log.StopAsync);
        Outcome[] outcomes = await Task.WhenAll(appends);
        await stop;
        await scope.StopAsync();

        // Durable ones come first: nothing behind a failure is acknowledged.
        Assert.Equal(outcomes.OrderBy(outcome => outcome != Outcome.Durable), outcomes);
        Assert.Equal(0, machine.Files.OpenFiles);
    });

    private static async Task<Outcome> AppendAsync(WriteAheadLog log, ulong index, CancellationToken cancellationToken) =>
        await OutcomeOfAsync(log.AppendAsync(
            new LogBatch { Entries = [new LogEntry(index, 1, LogEntryKind.NoOperation, new byte[] { (byte)index })] }, cancellationToken));

    private static async Task<Outcome> AppendStateAsync(WriteAheadLog log, byte state) =>
        await OutcomeOfAsync(log.AppendAsync(new LogBatch { State = new byte[] { state } }, None));

    private static async Task<Outcome> OutcomeOfAsync(Task append)
    {
        try
        {
            await append;
            return Outcome.Durable;
        }
        catch (LogClosedException)
        {
            return Outcome.Refused;
        }
        catch (OperationCanceledException)
        {
            return Outcome.Refused;
        }
        catch (WriteAheadLogException)
        {
            return Outcome.Failed;
        }
    }

    private static async Task AssertHoldsAsync(FineLanePlatform machine, Outcome[] outcomes)
    {
        Assert.DoesNotContain(Outcome.Failed, outcomes);
        Assert.Equal(0, machine.Files.OpenFiles);
        await using var scope = new TaskScope(machine.Tasks, "again");
        WriteAheadLog log = await WriteAheadLog.OpenAsync(machine, scope, Options, None);
        Assert.Equal(outcomes.Count(outcome => outcome == Outcome.Durable), log.Recovered.Entries.Count);
        Assert.Equal(0, log.Recovered.BytesCut);
    }

    private enum Outcome
    {
        Durable,
        Refused,
        Failed,
    }
}
