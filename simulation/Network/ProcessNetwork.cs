using SimGraph.Runtime.Network;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Network;

/// <summary>The network as one process sees it.</summary>
internal sealed class ProcessNetwork(SimulatedNetwork network, Incarnation process) : INetwork
{
    public ValueTask<IListener> ListenAsync(NetworkAddress address, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IListener>(cancellationToken);
        }

        try
        {
            return ValueTask.FromResult<IListener>(network.Listen(process, address));
        }
        catch (NetworkException failure)
        {
            return ValueTask.FromException<IListener>(failure);
        }
    }

    public ValueTask<IConnection> ConnectAsync(NetworkAddress address, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IConnection>(cancellationToken);
        }

        return network.BeginConnect(process, address) is { } attempt
            ? attempt.RunAsync(cancellationToken)
            : ValueTask.FromException<IConnection>(
                new NetworkException(NetworkError.Unreachable, $"connect to {address}: the name does not resolve"));
    }
}
