using SimGraph.Properties.Bench;

namespace SimGraph.Soak.Bench;

/// <summary>How fast a cluster was simulated.</summary>
internal sealed record ClusterRate(string Profile, ClusterBenchLoad Load, long Runs, double VirtualSeconds, double CpuSeconds, long Commits, long Steps)
{
    public double VirtualSecondsPerCpuSecond => VirtualSeconds / CpuSeconds;

    public double CommitsPerCpuSecond => Commits / CpuSeconds;

    public double CommitsPerVirtualSecond => Commits / VirtualSeconds;
}
