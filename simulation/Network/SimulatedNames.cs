// The name service of a simulated network. Every machine's name is a host; a scenario adds names that stand for hosts, takes them away, and lets the
// service answer late, with an error, or not at all. Nothing is drawn here: a scenario that wants chance makes the choice itself.

using System.Net;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Network;

/// <summary>Names that stand for hosts. Used on the run's thread only.</summary>
public sealed class SimulatedNames
{
    // As long as a timer can wait.
    private static readonly TimeSpan Forever = TimeSpan.FromDays(49);

    private readonly World _world;
    private readonly SortedDictionary<string, string[]> _entries = new(StringComparer.Ordinal);

    internal SimulatedNames(World world) => _world = world;

    /// <summary>How long an answer takes. Default 1 ms; <see cref="Timeout.InfiniteTimeSpan"/> for a service that never answers.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>True: every lookup fails, as when the name server answers with an error.</summary>
    public bool IsFailing { get; set; }

    /// <summary>Lets a name stand for hosts; none takes the name away.</summary>
    public void Set(string name, params IEnumerable<string> hosts)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string[] sorted = [.. new SortedSet<string>(hosts, StringComparer.Ordinal)];
        if (sorted.Length == 0)
        {
            _entries.Remove(name);
        }
        else
        {
            _entries[name] = sorted;
        }
    }

    internal INameResolver Open(Incarnation process) => new ProcessNames(this, process);

    private string[] Find(string name)
    {
        if (!IsFailing && _entries.TryGetValue(name, out string[]? hosts))
        {
            return hosts;
        }

        if (!IsFailing && _world.Machines.Any(machine => machine.Name == name))
        {
            return [name];
        }

        throw new NetworkException(NetworkError.Unreachable, $"name '{name}' does not resolve");
    }

    private sealed class ProcessNames(SimulatedNames names, Incarnation process) : INameResolver
    {
        public async ValueTask<IReadOnlyList<string>> ResolveAsync(string name, CancellationToken cancellationToken)
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            cancellationToken.ThrowIfCancellationRequested();
            if (IPAddress.TryParse(name, out _))
            {
                return [name];
            }

            TimeSpan latency = names.Latency;
            if (latency == Timeout.InfiniteTimeSpan || names.IsFailing)
            {
                names._world.CountFault(latency == Timeout.InfiniteTimeSpan ? "names.silence" : "names.failure");
            }

            await process.Clock.DelayAsync(latency == Timeout.InfiniteTimeSpan ? Forever : latency, cancellationToken);
            return names.Find(name);
        }
    }
}
