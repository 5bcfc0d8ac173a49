// Runs a workload once and keeps the disk, with what is expected of it, at every moment at which something changed. The moment just before an operation takes effect,
// while it is in flight, stands for all moments since the one before: the disk is the same, and what was promised since then is promised by now.

using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Storage;

/// <summary>Records the crash points of one run of a workload.</summary>
internal sealed class Recording(IStorageWorkload workload)
{
    private readonly List<CrashPoint> _points = [];
    private long _changes = -1;
    private object? _expectation;
    private int _operations;

    /// <summary>The moments, in order; the last one is the end.</summary>
    public IReadOnlyList<CrashPoint> Points => _points;

    /// <summary>Runs it.</summary>
    /// <returns>False when the series has ended.</returns>
    public bool Run(WorldSeries worlds, DiskSnapshot disk, string what, long faultsBefore = 0) => worlds.Run(
        new WorldSetting(disk, workload.RunAsync)
        {
            FaultsBefore = faultsBefore,
            Script = async (_, machine, _) =>
            {
                machine.Disk.OperationLanding = () => Take(machine);
                await machine.Process!.Exited;
                machine.Disk.OperationLanding = null;
                Take(machine);
            },
        },
        () => $"while the workload was recorded ({what})\n{workload.Describe()}");

    /// <summary>Runs a workload, and cuts it off at some moment: the disk that is left, and what is expected of it. Null when the series has ended.</summary>
    public static (DiskSnapshot Disk, object Expectation)? CutOff(WorldSeries worlds, IStorageWorkload workload, ulong seed, string what)
    {
        var recording = new Recording(workload);
        if (!recording.Run(worlds, DiskSnapshot.Empty, what))
        {
            return null;
        }

        CrashPoint point = recording.Points[(int)(seed % (ulong)recording.Points.Count)];
        Survivor[] survivors = [.. new SurvivalPatterns(point.Disk, subsetsMax: 0, chosenMax: 2, seed).All()];
        return (survivors[(seed >> 32) % (ulong)survivors.Length].Disk, point.Expectation);
    }

    private void Take(Machine machine)
    {
        _operations++;
        object expectation = workload.Expectation;
        if (machine.Disk.Changes == _changes && ReferenceEquals(expectation, _expectation))
        {
            return;
        }

        _changes = machine.Disk.Changes;
        _expectation = expectation;
        _points.Add(new CrashPoint(_operations, machine.Disk.TakeSnapshot(), expectation));
    }
}
