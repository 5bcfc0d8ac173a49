using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Storage;

/// <summary>After a process that was killed another one goes on, on what the first left in the page cache; then the power fails.</summary>
/// <param name="worlds">Where everything runs.</param>
/// <param name="seed">Where samples are drawn from.</param>
internal sealed class SecondProcess(WorldSeries worlds, ulong seed)
{
    /// <summary>Runs it until the power fails.</summary>
    /// <param name="workload">What it does; it adopts what the first one left.</param>
    /// <param name="adopted">What may be there.</param>
    /// <param name="killed">The disk that it finds.</param>
    /// <param name="faultsBefore">Faults that led to it.</param>
    /// <param name="goesToItsEnd">The power fails when it has done everything; otherwise as soon as it is certain of something else than it was told.</param>
    /// <param name="where">Says where the first one was killed.</param>
    /// <returns>That moment; null when the series has ended.</returns>
    public CrashPoint? Run(IStorageWorkload workload, object adopted, Survivor killed, long faultsBefore, bool goesToItsEnd, string where)
    {
        CrashPoint? moment = null;
        workload.Adopt(adopted);
        worlds.Count("storage.crashes-in-a-row");
        return worlds.Run(
            new WorldSetting(killed.Disk, workload.RunAsync)
            {
                FaultsBefore = faultsBefore,
                Script = async (_, machine, _) =>
                {
                    if (goesToItsEnd)
                    {
                        await machine.Process!.Exited;
                        moment = new CrashPoint(0, machine.Disk.TakeSnapshot(), workload.Expectation);
                    }
                    else
                    {
                        moment = await Moments.WhenCertainAsync(machine, workload, adopted);
                    }
                },
            },
            () => $"while another process went on after {where}; survivor: {killed}\n{workload.Describe()}") ? moment : null;
    }

    /// <summary>What the worst losses of power leave then.</summary>
    public IEnumerable<Survivor> Survivors(CrashPoint moment) => new SurvivalPatterns(moment.Disk, subsetsMax: 0, chosenMax: 1, seed).Worst();
}
