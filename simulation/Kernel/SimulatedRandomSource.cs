using SimGraph.Runtime.Randomness;

namespace SimGraph.Simulation.Kernel;

/// <summary>Random streams of a machine, answered by the run's choices; they go on across reboots.</summary>
internal sealed class SimulatedRandomSource(Machine machine) : IRandomSource
{
    private readonly SortedDictionary<string, SimulatedRandom> _streams = new(StringComparer.Ordinal);

    public Random Get(string purpose)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        if (!_streams.TryGetValue(purpose, out SimulatedRandom? stream))
        {
            stream = new SimulatedRandom(machine, machine.World.Site($"random.{purpose}"));
            _streams.Add(purpose, stream);
        }

        return stream;
    }
}
