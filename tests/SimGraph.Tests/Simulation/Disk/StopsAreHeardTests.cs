using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Simulation.Disk;

/// <summary>Programs that read on after they were told to stop, or would, and those that do not.</summary>
public sealed class StopsAreHeardTests
{
    private static readonly CancellationToken NoToken = CancellationToken.None;

    [Fact]
    public void A_read_with_a_token_that_is_never_cancelled_is_a_violation_although_nobody_stops() =>
        AssertUnheard("will never tell it to stop", (disk, _) => disk.ExistsAsync("a", NoToken).AsTask());

    [Fact]
    public void A_read_that_begins_after_the_stop_with_another_token_is_a_violation()
    {
        using var other = new CancellationTokenSource();
        CancellationToken deaf = other.Token;
        AssertUnheard("does not say that it was told to stop", async (disk, _) =>
        {
            while (true)
            {
                await disk.ExistsAsync("a", deaf);
            }
        });
    }

    [Fact]
    public void Reads_with_the_tasks_own_token_and_writes_with_none_are_not()
    {
        RunResult result = Run(isChecked: true, async (disk, stopping) =>
        {
            try
            {
                while (true)
                {
                    await disk.ListAsync("", stopping);
                }
            }
            finally
            {
                await using IFile file = await disk.OpenAsync("last", FileOpenMode.CreateNew, NoToken);
                await file.WriteAsync(0, new byte[] { 1 }, NoToken);
                await file.FlushAsync(NoToken);
            }
        });
        Assert.Null(result.Violation);
    }

    [Fact]
    public void A_machine_that_does_not_ask_for_it_is_not_held_to_it() =>
        Assert.Null(Run(isChecked: false, (disk, _) => disk.ExistsAsync("a", NoToken).AsTask()).Violation);

    private static void AssertUnheard(string how, Func<IDisk, CancellationToken, Task> body)
    {
        RunResult result = Run(isChecked: true, body);
        Assert.Equal(ViolationClass.Liveness, result.Violation!.Class);
        Assert.Equal("liveness.stop-unheard", result.Violation.Name);
        Assert.Contains("work/reader", result.Violation.Message, StringComparison.Ordinal);
        Assert.Contains(how, result.Violation.Message, StringComparison.Ordinal);
    }

    private static RunResult Run(bool isChecked, Func<IDisk, CancellationToken, Task> body) => Worlds.Run(1, async (world, _) =>
        await world.AddMachine("m", new MachineOptions { StopsAreHeard = isChecked }).Boot(async (platform, _) =>
        {
            var scope = new TaskScope(platform.Tasks, "work");
            scope.Run("reader", stopping => body(platform.Disk, stopping));
            await platform.Clock.DelayAsync(TimeSpan.FromMilliseconds(50), NoToken);
            await scope.StopAsync();
        }).Exited);
}
