using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Simulation;

/// <summary>Work that leaves the simulator's thread is found, whichever door it takes.</summary>
public sealed class EscapeTests
{
    public static TheoryData<string> Doors => ["Task.Run", "Task.Delay", "Thread", "ThreadPool", "Timer", "ConfigureAwait"];

    [Theory]
    [MemberData(nameof(Doors))]
    public void Work_that_escapes_to_another_thread_fails_the_run(string door)
    {
        RunResult result = Worlds.Run(1, async (_, _) =>
        {
            switch (door)
            {
                case "Task.Run":
                    await Task.Run(static () => { });
                    break;
                // The real timer is what is tested: it must be found, not waited for.
                case "Task.Delay":
                    await Task.Delay(1);
                    break;
                case "Thread":
                    await OnThreadAsync();
                    break;
                case "ThreadPool":
                    await OnPoolAsync();
                    break;
                case "Timer":
                    await ByTimerAsync();
                    break;
                case "ConfigureAwait":
                    await LeaveContextAsync();
                    break;
            }
        });

        Assert.Equal(ViolationClass.Nondeterminism, result.Violation!.Class);
        Assert.Equal("nondeterminism.escape", result.Violation.Name);
        Assert.Contains("   at ", result.Violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Virtual_delays_do_not_escape()
    {
        RunResult result = Worlds.Run(1, async (_, platform) =>
        {
            await platform.Clock.DelayAsync(TimeSpan.FromHours(1), CancellationToken.None);
            await Task.Yield();
        });

        Assert.Null(result.Violation);
    }

    private static Task OnThreadAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => done.SetResult()).Start();
        return done.Task;
    }

    private static Task OnPoolAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(static state => ((TaskCompletionSource)state!).SetResult(), done);
        return done.Task;
    }

    private static async Task ByTimerAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var timer = new Timer(static state => ((TaskCompletionSource)state!).TrySetResult(), done, 1, Timeout.Infinite);
        await done.Task;
    }

    private static async Task LeaveContextAsync()
    {
        await Task.Yield();
        var later = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.QueueUserWorkItem(static state => state.SetResult(), later, preferLocal: false);
        await later.Task.ConfigureAwait(false);
        await Task.Yield();
    }
}
