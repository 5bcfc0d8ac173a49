using SimGraph.Runtime;

namespace SimGraph.Tests.Stops;

/// <summary>A kind of component: what it promises about its stop, and the world that it needs around it.</summary>
internal abstract class StopSubject
{
    /// <summary>Faults of the network.</summary>
    protected static readonly StopFault[] NetworkFaults =
    [
        StopFault.Partition, StopFault.Deaf, StopFault.SilentPeers, StopFault.DeadPeers, StopFault.SlowLinks, StopFault.BadNetwork,
    ];

    /// <summary>Faults of the disk.</summary>
    protected static readonly StopFault[] DiskFaults =
    [
        StopFault.SlowDisk, StopFault.HungDisk, StopFault.FailedFlush, StopFault.FailedWrite, StopFault.FullDisk,
    ];

    /// <summary>Its name in reports.</summary>
    public abstract string Name { get; }

    /// <summary>Within which time, on its own clock, a stop has ended, or has said by a StopTimeoutException what is still alive.</summary>
    public abstract TimeSpan Bound { get; }

    /// <summary>What can go wrong around it.</summary>
    public abstract IReadOnlyList<StopFault> Faults { get; }

    /// <summary>States in which some of the stops must have met it, or the property has shown nothing.</summary>
    public abstract IReadOnlyList<string> States { get; }

    /// <summary>How fast its life goes: the moments of a plan are multiplied by it.</summary>
    public virtual double Pace => 1;

    /// <summary>Name of its machine.</summary>
    public virtual string MachineName => "m";

    /// <summary>Boots what it needs around it.</summary>
    public virtual Task PrepareAsync(StopLab lab) => Task.CompletedTask;

    /// <summary>Makes one, not started.</summary>
    public abstract StopComponent Create(StopLab lab, IPlatform platform);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
