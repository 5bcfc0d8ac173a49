using SimGraph.Coyote.Tests.Engine;
using SimGraph.Coyote.Tests.Zoom.Inbox;
using SimGraph.Coyote.Tests.Zoom.Log;
using SimGraph.Soak.FineLane.Zoom;
using Xunit;

namespace SimGraph.Coyote.Tests.Zoom;

/// <summary>What components were asked in runs of the fast lane, asked again on many schedules. `simgraph zoom` runs the first test with a file of its own.</summary>
public sealed class ZoomTests
{
    private const int DoubleSchedules = 400;

    [Fact]
    public void The_calls_of_a_file_are_answered_as_promised()
    {
        ZoomRequest request = ZoomRequest.Read();
        int schedules = 0;
        foreach (ZoomFile file in request.Files)
        {
            ZoomLife[] lives = [.. ZoomLife.Of(file)];
            foreach (ZoomLife life in lives)
            {
                FineLaneOutcome outcome = FineLane.Search(life.Name, Math.Max(1, request.Schedules / lives.Length), life.Scenario, life.Limits, file.ToText().TrimEnd('\n'));
                schedules += outcome.Schedules;
                if (request.VerdictFile is { } verdict)
                {
                    File.WriteAllText(verdict, new ZoomVerdict(schedules, outcome.TraceFile, outcome.Bug).ToText());
                }

                FineLane.Check(life.Name, outcome);
            }
        }
    }

    [Theory]
    [InlineData(LogDefect.ForgetsWhileItStops, "but what it acknowledged makes it")]
    [InlineData(LogDefect.StopDoesNotWait, "a file is open though a stop returned")]
    [InlineData(LogDefect.RefusesNobody, "Deadlock")]
    [InlineData(LogDefect.KeepsWhatItRefused, "but what it acknowledged makes it")]
    internal void A_log_that_breaks_a_promise_is_found(LogDefect defect, string failure)
    {
        ZoomLife life = ZoomLife.Of(ZoomRequest.Sample("wal")).First();
        FineLaneOutcome found = FineLane.Search(
            $"planted {defect}", DoubleSchedules, new LogZoom(life, async (machine, scope, options) => new WrongLog(await RealLog.OpenAsync(machine, scope, options), defect)).RunAsync, life.Limits);
        Assert.Contains(failure, found.Bug, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(InboxDefect.WakeIsTakenWithItsEvent, "wakes and ticks came before the inbox was closed")]
    [InlineData(InboxDefect.LosesWhatWaitsForRoom, "was accepted, and received 0 times")]
    [InlineData(InboxDefect.AcceptsWhenClosed, "was accepted, and received 0 times")]
    internal void An_inbox_that_breaks_a_promise_is_found(InboxDefect defect, string failure)
    {
        ZoomLife life = ZoomLife.Of(ZoomRequest.Sample("inbox")).First();
        FineLaneOutcome found = FineLane.Search($"planted {defect}", DoubleSchedules, new InboxZoom(life, capacity => new WrongInbox(capacity, defect)).RunAsync, life.Limits);
        Assert.Contains(failure, found.Bug, StringComparison.Ordinal);
    }
}
