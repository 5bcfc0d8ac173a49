using Microsoft.Extensions.Logging;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Randomness;
using SimGraph.Runtime.Tasks;
using SimGraph.Simulation.Messaging;

namespace SimGraph.Simulation.Kernel;

/// <summary>What one process sees of the world.</summary>
internal sealed class SimulatedPlatform(Incarnation process) : IPlatform
{
    public string MachineName => process.Machine.Name;

    public TimeProvider Clock => process.Clock;

    public INetwork Network => field ??= process.World.OpenNetwork(process);

    public IMessageSockets Messaging => field ??= new SimulatedMessageSockets(process, this);

    public IDisk Disk => field ??= process.World.OpenDisk(process);

    public ITaskHost Tasks { get; } = new SimulatedTaskHost(process);

    public IRandomSource Random => process.Machine.Random;

    public IProbes Probes => process.Machine.Probes;

    public ILoggerFactory Logging { get; } = new SimulatedLoggerFactory(process);

    public INameResolver Names => field ??= process.World.Network.Names.Open(process);
}
