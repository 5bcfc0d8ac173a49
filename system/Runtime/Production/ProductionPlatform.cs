// The production side of the seams in one object: the real clock, pool threads, system entropy, and whatever network and disk it is given.

using Microsoft.Extensions.Logging;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Randomness;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Runtime.Production;

/// <summary>The <see cref="IPlatform"/> of a real process.</summary>
public sealed class ProductionPlatform : IPlatform
{
    /// <param name="machineName">Name for logs; <see cref="Environment.MachineName"/> is the usual one.</param>
    /// <param name="network">Real connections.</param>
    /// <param name="disk">Real files.</param>
    /// <param name="logging">Where logs go. The caller owns it and disposes it.</param>
    /// <param name="messaging">Real message sockets; the caller owns them. None when null.</param>
    public ProductionPlatform(string machineName, INetwork network, IDisk disk, ILoggerFactory logging, IMessageSockets? messaging = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(machineName);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(disk);
        ArgumentNullException.ThrowIfNull(logging);
        MachineName = machineName;
        Network = network;
        Disk = disk;
        Logging = logging;
        Messaging = messaging ?? new NoMessageSockets();
        Tasks = new PoolTaskHost(Clock, logging.CreateLogger<PoolTaskHost>());
    }

    /// <inheritdoc/>
    public string MachineName { get; }

    /// <inheritdoc/>
    public TimeProvider Clock { get; } = TimeProvider.System;

    /// <inheritdoc/>
    public INetwork Network { get; }

    /// <inheritdoc/>
    public IMessageSockets Messaging { get; }

    /// <inheritdoc/>
    public IDisk Disk { get; }

    /// <inheritdoc/>
    public ITaskHost Tasks { get; }

    /// <inheritdoc/>
    public IRandomSource Random { get; } = new SystemRandomSource();

    /// <inheritdoc/>
    public IProbes Probes { get; } = new NoProbes();

    /// <inheritdoc/>
    public ILoggerFactory Logging { get; }

    /// <inheritdoc/>
    public INameResolver Names { get; } = new DnsNameResolver();
}
