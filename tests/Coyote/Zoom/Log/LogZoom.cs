// One life of a write-ahead log: brought where it stood, asked what it was asked, stopped, and opened again. Its disk is a sound one.

using SimGraph.Coyote.Tests.Engine;
using SimGraph.Properties.Storage.Wal;
using SimGraph.Runtime.Tasks;
using SimGraph.Soak.FineLane.Zoom;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Coyote.Tests.Zoom.Log;

/// <summary>The scenario of a log's calls.</summary>
internal sealed class LogZoom
{
    private readonly ZoomLife _life;
    private readonly Func<FineLanePlatform, TaskScope, WriteAheadLogOptions, Task<IZoomedLog>> _open;
    private readonly WriteAheadLogOptions _options;
    private readonly IReadOnlyList<LogBatch> _preparation;
    private readonly Dictionary<int, LogBatch?> _batches;

    internal LogZoom(ZoomLife life, Func<FineLanePlatform, TaskScope, WriteAheadLogOptions, Task<IZoomedLog>> open)
    {
        _life = life;
        _open = open;
        _options = LogCalls.OptionsOf(life.Open);
        _preparation = LogCalls.Preparation(life);
        _batches = life.Calls.ToDictionary(static call => call.Number, LogCalls.BatchOf);
    }

    internal async Task RunAsync()
    {
        var clock = new FineLaneClock();
        var machine = new FineLanePlatform("m", clock, new FineLaneNetwork(), probes: new ChosenProbes());
        var scope = new TaskScope(machine.Tasks, "zoom");
        IZoomedLog log = await _open(machine, scope, _options);
        WalModel before = WalModel.Empty;
        foreach (LogBatch batch in _preparation)
        {
            await log.AppendAsync(batch, CancellationToken.None);
            before = before.After(batch);
        }

        var attempt = new Attempt(log, machine, _batches);
        await new ZoomCallers(_life.Calls).RunAsync(attempt.MakeAsync);
        await attempt.StopAsync();
        await scope.StopAsync();
        Assert.Equal(0, clock.PendingTimers);
        await using var again = new TaskScope(machine.Tasks, "again");
        WriteAheadLog reopened = await WriteAheadLog.OpenAsync(machine, again, _options, CancellationToken.None);
        Assert.Equal(0, reopened.Recovered.BytesCut);
        new LogPromises(before, _options, attempt.Made, WalModel.Of(reopened.Recovered)).Check();
    }

    /// <summary>The calls of one schedule.</summary>
    private sealed class Attempt(IZoomedLog log, FineLanePlatform machine, Dictionary<int, LogBatch?> batches)
    {
        private readonly object _gate = new();
        private int _moment;

        internal List<MadeCall> Made { get; } = [];

        internal async Task MakeAsync(ZoomCall call, CancellationToken cancellationToken)
        {
            var made = new MadeCall(call) { Batch = batches[call.Number], Begun = Interlocked.Increment(ref _moment) };
            lock (_gate)
            {
                Made.Add(made);
            }

            Task answer = Ask(made, cancellationToken);
            made.Returned = Interlocked.Increment(ref _moment);
            made.End = await EndOfAsync(answer, made);
            made.Index = answer is Task<ulong> given && made.End == CallEnd.Done ? await given : 0;
            made.Answered = Interlocked.Increment(ref _moment);
        }

        internal async Task StopAsync()
        {
            await log.StopAsync();
            Assert.True(machine.Files.OpenFiles == 0, "a file is open though a stop returned");
        }

        private Task Ask(MadeCall made, CancellationToken cancellationToken) => made.Asked.Call switch
        {
            "stop" => StopAsync(),
            "truncate" => log.TruncatePrefixAsync((ulong)made.Asked.ValueOf("indexes"), cancellationToken),
            "append-next" => log.AppendNextAsync(made.Batch!.Entries[0].Term, made.Batch.Entries[0].Payload, cancellationToken),
            _ => log.AppendAsync(made.Batch!, cancellationToken),
        };

        private static async Task<CallEnd> EndOfAsync(Task answer, MadeCall made)
        {
            try
            {
                await answer;
                return CallEnd.Done;
            }
            catch (LogClosedException)
            {
                return CallEnd.Closed;
            }
            catch (ArgumentException)
            {
                return CallEnd.Refused;
            }
            catch (OperationCanceledException)
            {
                return CallEnd.Cancelled;
            }
            catch (WriteAheadLogException exception)
            {
                made.Failure = exception.Message;
                return CallEnd.Failed;
            }
        }
    }
}
