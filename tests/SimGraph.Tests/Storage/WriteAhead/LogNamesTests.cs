using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Tasks;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Log;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Storage.WriteAhead;

/// <summary>A failed flush of a folder forgets names for good, while everybody goes on seeing them until the power fails.</summary>
public sealed class LogNamesTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public void What_is_appended_to_a_segment_whose_name_was_forgotten_survives_power_loss() => RunLives(
        async (log, fail, last) =>
        {
            // The next segment's name is the next that is made.
            fail();
            await AppendAsync(log, last + 1, last + 20);
        },
        async (log, last) =>
        {
            await AppendAsync(log, last + 1, last + 3);
            return last + 3;
        });

    [Fact]
    public void A_segment_that_is_there_again_although_it_was_deleted_is_no_damage() => RunLives(
        async (log, fail, last) =>
        {
            await log.AppendAsync(LogSample.Batch(null, new LogPosition(last, 1)), None);
            await AppendAsync(log, last + 1, last + 20);
            await log.TruncatePrefixAsync(last - 10, None);
            fail();
            await log.TruncatePrefixAsync(last, None);
        },
        async (log, last) =>
        {
            await log.TruncatePrefixAsync(last, None);
            await log.AppendAsync(LogSample.Batch(null, new LogPosition(last, 1)), None);
            await log.TruncatePrefixAsync(last, None);
            return last;
        });

    /// <summary>Fills a log; then a life that a flush of the folder ends; then one that goes on with what it sees, and the power fails.</summary>
    private static void RunLives(Func<WriteAheadLog, Action, ulong, Task> failing, Func<WriteAheadLog, ulong, Task<ulong>> after)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            RunResult result = Worlds.Run(seed, async (world, _) =>
            {
                Machine machine = world.AddMachine("m", new MachineOptions());
                ulong last = 0;
                await LiveAsync(machine, async log => await AppendAsync(log, 1, last = 30));
                await LiveAsync(machine, async log =>
                {
                    await Assert.ThrowsAsync<WriteAheadLogException>(
                        () => failing(log, () => machine.Disk.FailNext(DiskFaultKind.FailedDirectoryFlush), last));
                });
                await LiveAsync(machine, async log =>
                {
                    last = await after(log, LastOf(log));
                });
                machine.PowerLoss();
                await LiveAsync(machine, log =>
                {
                    Assert.Equal(last, LastOf(log));
                    return Task.CompletedTask;
                });
            });
            Assert.True(result.Violation is null, $"seed {seed}: {result.Violation}");
        }
    }

    private static async Task LiveAsync(Machine machine, Func<WriteAheadLog, Task> life)
    {
        ProcessExit exit = await machine.Boot(async (platform, _) =>
        {
            var owner = new TaskScope(platform.Tasks, "test");
            WriteAheadLog log = await WriteAheadLog.OpenAsync(platform, owner, LogSample.SmallSegments, None);
            await life(log);
            await log.StopAsync();
            await owner.StopAsync();
        }).Exited;
        Assert.Equal(ProcessExitKind.Returned, exit.Kind);
    }

    private static ulong LastOf(WriteAheadLog log) => log.Recovered.Entries.Count == 0 ? log.Recovered.Start.Index : log.Recovered.Entries[^1].Index;

    private static async Task AppendAsync(WriteAheadLog log, ulong first, ulong last)
    {
        for (ulong index = first; index <= last; index++)
        {
            await log.AppendAsync(new LogBatch { Entries = [LogSample.Entry(index)] }, None);
        }
    }
}
