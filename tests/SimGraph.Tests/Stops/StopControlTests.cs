using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Stops;

/// <summary>The property can fail: it finds a component that breaks any one of the promises of a stop, and lets the one pass that keeps them.</summary>
public sealed class StopControlTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(nameof(Promise.None), "")]
    [InlineData(nameof(Promise.TasksEnd), "alive are")]
    [InlineData(nameof(Promise.TimersEnd), "alive are")]
    [InlineData(nameof(Promise.FilesAreClosed), "alive are")]
    [InlineData(nameof(Promise.EndsInTime), "are its bound")]
    [InlineData(nameof(Promise.SecondIsFree), "Assert.Equal")]
    [InlineData(nameof(Promise.SecondIsNoError), "stopped before")]
    [InlineData(nameof(Promise.StartIsRefused), "a start after the stop succeeded")]
    [InlineData(nameof(Promise.EverybodyIsAnswered), "Assert.Empty")]
    [InlineData(nameof(Promise.UseIsRefused), "as if nothing had happened")]
    public void A_component_that_breaks_a_promise_is_found(string promise, string found)
    {
        var plan = new StopPlan(
            Seed: 1, Variant: 0, TimeSpan.FromMilliseconds(50), StopFault.None, TimeSpan.Zero, TimeSpan.FromSeconds(1), Stops: 2, TimeSpan.Zero);

        Violation? violation = StopRun.Run(new Subject(Enum.Parse<Promise>(promise)), plan).Violation;

        Assert.Equal(found.Length > 0, violation is not null);
        Assert.Contains(found, violation?.Message ?? string.Empty, StringComparison.Ordinal);
    }

    private enum Promise
    {
        None,
        TasksEnd,
        TimersEnd,
        FilesAreClosed,
        EndsInTime,
        SecondIsFree,
        SecondIsNoError,
        StartIsRefused,
        EverybodyIsAnswered,
        UseIsRefused,
    }

    private sealed class Subject(Promise broken) : StopSubject
    {
        public override string Name => "control";

        public override TimeSpan Bound => StopControlTests.Bound;

        public override IReadOnlyList<StopFault> Faults => [];

        public override IReadOnlyList<string> States => [];

        public override StopComponent Create(StopLab lab, IPlatform platform) => new Component(platform, broken);
    }

#pragma warning disable CA1001 // Its stop is the end of it; the token source holds no timer and no handle.
    private sealed class Component(IPlatform platform, Promise broken) : StopComponent
#pragma warning restore CA1001
    {
        private readonly TaskScope _scope = new(platform.Tasks, "control");
        private readonly TaskScope _forgotten = new(platform.Tasks, "forgotten");
        private readonly TaskCompletionSource _never = new();
        private ITimer? _timer;
        private IFile? _file;
        private int _stops;
        private int _uses;

        public override int Operators => 1;

        private bool IsStopped => _stops > 0;

        public override async Task StartAsync(CancellationToken cancellationToken)
        {
            if (IsStopped && broken != Promise.StartIsRefused)
            {
                throw new OperationCanceledException("it is stopped");
            }

            if (!IsStopped)
            {
                (broken == Promise.TasksEnd ? _forgotten : _scope).Run("work", async token => await platform.Clock.DelayAsync(TimeSpan.FromHours(1), token));
                _timer = platform.Clock.CreateTimer(static _ => { }, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
                _file = await platform.Disk.OpenAsync("file", FileOpenMode.OpenOrCreate, cancellationToken);
            }
        }

        public override async Task OperateAsync(int who)
        {
            if (broken == Promise.EverybodyIsAnswered && ++_uses > 5)
            {
                await _never.Task;
            }

            if (IsStopped && broken != Promise.UseIsRefused)
            {
                throw new OperationCanceledException("it is stopped");
            }
        }

        public override async Task StopAsync(int way)
        {
            _stops++;
            if (_stops > 2 && broken == Promise.SecondIsNoError)
            {
                throw new InvalidOperationException("it was stopped before");
            }

            if ((broken == Promise.EndsInTime && _stops == 1) || (broken == Promise.SecondIsFree && _stops > 2))
            {
                await platform.Clock.DelayAsync(broken == Promise.EndsInTime ? 2 * Bound : Bound / 2, CancellationToken.None);
            }

            await _scope.StopAsync(Bound);
            if (broken != Promise.TimersEnd)
            {
                _timer?.Dispose();
            }

            if (broken != Promise.FilesAreClosed && _file is not null)
            {
                await _file.DisposeAsync();
            }
        }

        public override bool IsAnswer(Exception exception) => false;

        public override bool IsRefusal(Exception exception) => exception is OperationCanceledException;

        public override async Task CloseAsync() => await _forgotten.StopAsync();
    }
}
