// Measures the kernel in one process and one run. Sizes take turns within each repetition, so that a slow moment of the machine meets all of them, and the
// median of the repetitions is told. Hash, ledger and trace are on: they cannot be switched off.

using System.Diagnostics;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Soak.Bench;

/// <summary>Steps a second, bytes a step, memory of a long run.</summary>
internal sealed class KernelBench(CancellationToken abort)
{
    public const int Repetitions = 5;
    private const long StepsOfRun = 1_000_000;
    private const long StepsOfLongRun = 10_000_000;
    private const int TasksOfLongRun = 64;

    public static IReadOnlyList<int> TaskCounts { get; } = [1, 16, 64, 1024];

    /// <summary>One line of the table: yields with each number of tasks, then with 64 sleeps, and probes without and with coverage.</summary>
    public IReadOnlyList<KernelRate> Rates()
    {
        List<KernelWork> works =
        [
            .. TaskCounts.Select(tasks => new KernelWork(tasks, KernelStep.Yield)), new KernelWork(TasksOfLongRun, KernelStep.Sleep),
            new KernelWork(TasksOfLongRun, KernelStep.Probe), new KernelWork(TasksOfLongRun, KernelStep.Probe, Covers: true),
        ];
        foreach (KernelWork work in works)
        {
            Measure(work, StepsOfRun / 4);
        }

        var samples = works.ToDictionary(work => work, _ => new List<KernelRate>());
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            foreach (KernelWork work in works)
            {
                samples[work].Add(Measure(work, StepsOfRun));
            }
        }

        return [.. works.Select(work => samples[work].OrderBy(rate => rate.StepsPerSecond).ElementAt(Repetitions / 2))];
    }

    public LongRunMemory LongRun()
    {
        long heapBefore = GC.GetTotalMemory(forceFullCollection: true);
        RunResult result = KernelWorkload.Run(new KernelWork(TasksOfLongRun, KernelStep.Yield), (int)(StepsOfLongRun / TasksOfLongRun), seed: 1, abort);
        long heapAfter = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(result);
        using var process = Process.GetCurrentProcess();
        return new LongRunMemory(result.Steps, heapAfter - heapBefore, heapAfter, process.WorkingSet64, process.PeakWorkingSet64);
    }

    private KernelRate Measure(KernelWork work, long steps)
    {
        int each = (int)(steps / work.Tasks);
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        long begun = Stopwatch.GetTimestamp();
        RunResult result = KernelWorkload.Run(work, each, seed: 1, abort);
        TimeSpan time = Stopwatch.GetElapsedTime(begun);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        return new KernelRate(work, result.Steps / time.TotalSeconds, (double)allocated / result.Steps);
    }
}
