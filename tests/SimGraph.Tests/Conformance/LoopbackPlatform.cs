using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Production;
using SimGraph.Runtime.Randomness;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Tests.Conformance;

/// <summary>The real clock, pool and sockets; no disk.</summary>
internal sealed class LoopbackPlatform(string name, INetwork network, IMessageSockets? messaging = null) : IPlatform
{
    public string MachineName => name;

    public TimeProvider Clock => TimeProvider.System;

    public INetwork Network => network;

    public IMessageSockets Messaging { get; } = messaging ?? new NoMessageSockets();

    public IDisk Disk => throw new NotSupportedException("the network is tested without a disk");

    public ITaskHost Tasks { get; } = new PoolTaskHost(TimeProvider.System, NullLogger.Instance);

    public IRandomSource Random { get; } = new SystemRandomSource();

    public IProbes Probes { get; } = new NoProbes();

    public ILoggerFactory Logging => NullLoggerFactory.Instance;

    public INameResolver Names { get; } = new DnsNameResolver();
}
