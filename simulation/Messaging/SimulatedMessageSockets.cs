using SimGraph.Runtime;
using SimGraph.Runtime.Messaging;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Messaging;

/// <summary>The message sockets of one process.</summary>
internal sealed class SimulatedMessageSockets(Incarnation process, IPlatform platform) : IMessageSockets
{
    private int _opened;

    /// <inheritdoc/>
    public IMessageSocket Open(MessageSocketKind kind, MessageSocketOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new SimulatedMessageSocket(process, platform, ++_opened, kind, options);
    }
}
