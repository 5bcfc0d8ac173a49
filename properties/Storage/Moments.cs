using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Storage;

/// <summary>Waits for moments in the life of a machine on which a workload runs.</summary>
internal static class Moments
{
    /// <summary>
    /// The first moment at which an operation is about to take effect and the workload expects something else than it adopted; or the end of its program.
    /// </summary>
    public static async Task<CrashPoint> WhenCertainAsync(Machine machine, IStorageWorkload workload, object adopted)
    {
        CrashPoint? point = null;
        int operations = 0;
        await WhenAsync(machine, () =>
        {
            operations++;
            if (point is null && !ReferenceEquals(workload.Expectation, adopted))
            {
                point = new CrashPoint(operations, machine.Disk.TakeSnapshot(), workload.Expectation);
            }

            return point is not null;
        });
        return point ?? new CrashPoint(operations, machine.Disk.TakeSnapshot(), workload.Expectation);
    }

    /// <summary>Waits until this is true when an operation is about to take effect, or until the machine's program has ended.</summary>
    public static async Task WhenAsync(Machine machine, Func<bool> isOver)
    {
        var moment = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Incarnation process = machine.Process!;
        machine.Disk.OperationLanding = () =>
        {
            if (isOver())
            {
                moment.TrySetResult();
            }
        };
        process.Exited.GetAwaiter().UnsafeOnCompleted(() => moment.TrySetResult());
        await moment.Task;
        machine.Disk.OperationLanding = null;
    }
}
