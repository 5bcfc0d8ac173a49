using SimGraph.Runtime.Probes;
using SimGraph.Simulation.Inputs;
using SimGraph.Soak.FineLane;
using SimGraph.Soak.FineLane.Zoom;
using Xunit;

namespace SimGraph.Tests.Coyote;

/// <summary>Of all calls of a run, those of one component in a window are kept, with what they waited for.</summary>
public sealed class ZoomRecorderTests
{
    private readonly TaskCompletionSource _answer = new();

    [Fact]
    public void Only_calls_of_the_component_in_the_window_are_kept_and_others_are_known()
    {
        var recorder = new ZoomRecorder("m", "wal", from: 10, until: 20, callsMax: 100);
        recorder.Hear(Input(1, ZoomCall.Open));
        recorder.Hear(Input(9, "early"));
        recorder.Hear(Input(10, "first"));
        recorder.Hear(Input(12, "first") with { Machine = "other" });
        recorder.Hear(Input(12, "first") with { Component = "inbox" });
        recorder.Hear(Input(19, "last"));
        recorder.Hear(Input(20, "late"));
        Assert.Equal([ZoomCall.Open, "first", "last"], recorder.Calls().Select(static call => call.Call));
        Assert.Equal(["m", "other"], recorder.Heard.Keys);
        Assert.Equal(["inbox", "wal"], recorder.Heard["m"]);
    }

    [Fact]
    public void Of_too_many_calls_the_newest_are_kept_and_lives_without_any_are_not()
    {
        var recorder = new ZoomRecorder("m", "wal", from: 0, until: long.MaxValue, callsMax: 2);
        recorder.Hear(Input(1, ZoomCall.Open));
        recorder.Hear(Input(2, "a"));
        recorder.Hear(Input(3, ZoomCall.Open) with { Life = 2 });
        recorder.Hear(Input(4, "b") with { Life = 2 });
        recorder.Hear(Input(5, "c") with { Life = 2 });
        Assert.Equal([(3, 2, ZoomCall.Open), (4, 2, "b"), (5, 2, "c")], recorder.Calls().Select(static call => (call.Number, call.Life, call.Call)));
        Assert.Equal(1, recorder.LeftOut);
    }

    [Fact]
    public void A_life_that_began_before_the_window_begins_where_the_component_stood()
    {
        var recorder = new ZoomRecorder("m", "wal", from: 10, until: 20, callsMax: 1);
        recorder.Hear(Input(1, ZoomCall.Open, 0));
        recorder.Hear(Input(5, "a", 1));
        recorder.Hear(Input(11, "left out", 2));
        recorder.Hear(Input(12, "b", 3));
        recorder.Hear(Input(30, "late", 4));
        IReadOnlyList<ZoomCall> calls = recorder.Calls();
        Assert.Equal([ZoomCall.Open, "b"], calls.Select(static call => call.Call));
        Assert.Equal([2], calls[0].ValuesOf(ZoomCall.Position));
        Assert.Equal([3], calls[1].ValuesOf(ZoomCall.Position));
    }

    [Fact]
    public void A_call_is_kept_with_the_first_one_before_which_it_had_ended()
    {
        var cancelled = new CancellationToken(canceled: true);
        var recorder = new ZoomRecorder("m", "wal", from: 0, until: long.MaxValue, callsMax: 100);
        recorder.Hear(Input(1, ZoomCall.Open));
        recorder.Hear(Input(1, "slow") with { Answer = _answer.Task });
        recorder.Hear(Input(1, "refused") with { Answer = Task.FromException(new InvalidOperationException()) });
        recorder.Hear(Input(2, "cancelled") with { Answer = Task.FromCanceled(cancelled) });
        _answer.SetResult();
        recorder.Hear(Input(3, "never") with { Answer = new TaskCompletionSource().Task });
        recorder.Hear(Input(4, "at once"));
        recorder.Hear(Input(5, "last") with { Answer = Task.CompletedTask });
        Assert.Equal(
            [
                (ZoomCall.Open, ZoomOutcome.Done, null), ("slow", ZoomOutcome.Done, 5), ("refused", ZoomOutcome.Failed, 4), ("cancelled", ZoomOutcome.Cancelled, 5),
                ("never", ZoomOutcome.Pending, null), ("at once", ZoomOutcome.Done, null), ("last", ZoomOutcome.Done, (int?)null),
            ],
            recorder.Calls().Select(static call => (call.Call, call.Outcome, call.Ended)));
    }

    private static RecordedInput Input(long step, string call, long? position = null) => new()
    {
        Machine = "m",
        Component = "wal",
        Name = "wal",
        Life = 1,
        Caller = "main#1",
        Step = step,
        At = TimeSpan.Zero,
        Call = call,
        Arguments = position is { } index ? [new InputArgument(ZoomCall.Position, [index])] : [],
    };
}
