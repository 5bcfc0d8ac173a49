// The one object through which a process touches anything outside its own memory. Every component takes it (or a member of it) in its
// constructor. Production hands out real clocks, sockets, files and pool threads; the simulator hands out virtual ones. Nothing in system/
// may reach the outside in another way: BannedSymbols.txt makes that a build error.

using Microsoft.Extensions.Logging;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Randomness;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Runtime;

/// <summary>Everything outside a process's own memory: time, network, messages, disk, tasks, randomness, probes and logs.</summary>
public interface IPlatform
{
    /// <summary>The machine's name, for logs and traces.</summary>
    string MachineName { get; }

    /// <summary>Wall clock (<see cref="TimeProvider.GetUtcNow"/>) and monotonic clock (<see cref="TimeProvider.GetTimestamp"/>); the two may disagree.</summary>
    TimeProvider Clock { get; }

    /// <summary>Byte-stream connections between machines.</summary>
    INetwork Network { get; }

    /// <summary>Message sockets between machines.</summary>
    IMessageSockets Messaging { get; }

    /// <summary>The machine's files.</summary>
    IDisk Disk { get; }

    /// <summary>Starts the bodies of <see cref="TaskScope"/> tasks. Components use a <see cref="TaskScope"/>, never this directly.</summary>
    ITaskHost Tasks { get; }

    /// <summary>Named streams of random numbers.</summary>
    IRandomSource Random { get; }

    /// <summary>Assertions and chance points that a simulation listens to.</summary>
    IProbes Probes { get; }

    /// <summary>Loggers.</summary>
    ILoggerFactory Logging { get; }

    /// <summary>The hosts that stand behind names.</summary>
    INameResolver Names { get; }
}
