// What is true in the world, for the checks: which processes run, since when the others do not, and since when links are cut. Moments are kept as what every
// machine's own monotonic clock showed, because an observer is held to its own clock.

using SimGraph.Cluster.Discovery;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Network;

namespace SimGraph.Properties.Discovery;

/// <summary>The truth about processes and links.</summary>
internal sealed class DiscoveryTruth(World world)
{
    private readonly List<DiscoveryProcess> _processes = [];
    private readonly SortedDictionary<(int Observer, int Subject), long[]> _cuts = [];

    /// <summary>A process has started with this record.</summary>
    public DiscoveryProcess Started(Machine machine, MemberRecord record)
    {
        var process = new DiscoveryProcess(machine, record);
        _processes.Add(process);
        return process;
    }

    /// <summary>The machine's process, if it had one, has ended.</summary>
    public void Ended(Machine machine)
    {
        foreach (DiscoveryProcess process in _processes)
        {
            if (process.Machine == machine)
            {
                process.EndedAt ??= ReadClocks();
            }
        }
    }

    public DiscoveryProcess? Find(MemberRecord record) => _processes.FindLast(process => process.Record.IsSameProcess(record));

    /// <summary>Cuts a link, in both directions or one: an observer needs both.</summary>
    public void Cut(Machine first, Machine second, PartitionDirection direction = PartitionDirection.Both)
    {
        world.Network.Partition(first, second, direction);
        _cuts.TryAdd((first.Index, second.Index), ReadClocks());
        _cuts.TryAdd((second.Index, first.Index), ReadClocks());
    }

    public void Heal(Machine first, Machine second)
    {
        world.Network.Heal(first, second);
        _cuts.Remove((first.Index, second.Index));
        _cuts.Remove((second.Index, first.Index));
    }

    public void HealAll()
    {
        world.Network.HealAll();
        _cuts.Clear();
    }

    /// <summary>Since when, on the observer's clock, nothing the subject says can be an answer to the observer; null if it can.</summary>
    public long? SilentSince(Machine observer, DiscoveryProcess subject)
    {
        long? ended = subject.EndedAt?[observer.Index];
        long? cut = _cuts.TryGetValue((observer.Index, subject.Machine.Index), out long[]? clocks) ? clocks[observer.Index] : null;
        return ended is null || cut < ended ? cut ?? ended : ended;
    }

    private long[] ReadClocks()
    {
        // Position 0 is the harness. A machine that joins later observes nothing of before.
        long[] clocks = new long[world.Machines.Count + 1];
        foreach (Machine machine in world.Machines)
        {
            clocks[machine.Index] = machine.Clock.MonotonicTicks;
        }

        return clocks;
    }
}
