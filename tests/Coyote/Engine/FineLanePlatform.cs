using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Randomness;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Coyote.Tests.Engine;

/// <summary>One machine of a scenario: memory only, every wait on something that Coyote controls. Make it inside the scenario.</summary>
internal sealed class FineLanePlatform(string name, FineLaneClock clock, FineLaneNetwork network, FineLaneSockets? sockets = null, IProbes? probes = null) : IPlatform
{
    public string MachineName => name;

    public TimeProvider Clock => clock;

    public INetwork Network => network;

    public IMessageSockets Messaging { get; } = sockets is null ? new NoMessageSockets() : sockets;

    public IDisk Disk => Files;

    public ITaskHost Tasks { get; } = new FineLaneTaskHost(clock);

    public IRandomSource Random { get; } = new FineLaneRandom();

    public IProbes Probes { get; } = probes ?? new NoProbes();

    public ILoggerFactory Logging => NullLoggerFactory.Instance;

    public INameResolver Names => throw new NotSupportedException("the fine lane knows addresses only");

    /// <summary>The machine's files; they stay when a component is stopped and opened again.</summary>
    internal FineLaneDisk Files { get; } = new();
}
