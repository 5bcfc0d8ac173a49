using SimGraph.Runtime.Disk;
using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Simulation.Disk;

/// <summary>One machine and its disk, for tests of what the disk does to programs.</summary>
internal static class DiskLab
{
    /// <summary>Runs a scenario on a machine with such a disk; nothing may be violated.</summary>
    internal static RunResult Run(ulong seed, DiskFaultOptions faults, Func<Machine, Task> scenario)
    {
        RunResult result = Worlds.Run(
            seed, (world, _) => scenario(world.AddMachine("m", new MachineOptions { Disk = faults })));
        Assert.Null(result.Violation);
        return result;
    }

    /// <summary>Runs a program to its end.</summary>
    internal static async Task RunAsync(this Machine machine, Func<IDisk, Task> program)
    {
        ProcessExit exit = await machine.Boot((platform, _) => program(platform.Disk)).Exited;
        Assert.Equal(ProcessExitKind.Returned, exit.Kind);
    }

    /// <summary>Runs a program, and when it has done its work, cuts the power.</summary>
    internal static async Task LosePowerAfterAsync(this Machine machine, Func<IDisk, Task> program)
    {
        await machine.UntilDoneAsync(program);
        machine.PowerLoss();
    }

    /// <summary>Runs a program, and when it has done its work, kills it.</summary>
    internal static async Task CrashAfterAsync(this Machine machine, Func<IDisk, Task> program)
    {
        await machine.UntilDoneAsync(program);
        machine.Crash();
    }

    /// <summary>Counts the seeds, out of many, for which something happened.</summary>
    internal static int CountSeeds(int seeds, Func<ulong, bool> happened)
    {
        int count = 0;
        for (int seed = 1; seed <= seeds; seed++)
        {
            count += happened((ulong)seed) ? 1 : 0;
        }

        return count;
    }

    private static Task UntilDoneAsync(this Machine machine, Func<IDisk, Task> program)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        machine.Boot(async (platform, stop) =>
        {
            await program(platform.Disk);
            done.TrySetResult();
            await Worlds.UntilStoppedAsync(stop);
        });
        return done.Task;
    }
}
