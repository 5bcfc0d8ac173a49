// The real side of the name seam: the resolver of the operating system (hosts file, DNS). A lookup that the kernel cannot take back is left to end by
// itself when its caller gives up; it holds no resource of ours.

using System.Net;
using System.Net.Sockets;
using SimGraph.Runtime.Network;

namespace SimGraph.Runtime.Production;

/// <summary>Names by the operating system's resolver.</summary>
public sealed class DnsNameResolver : INameResolver
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        cancellationToken.ThrowIfCancellationRequested();
        if (IPAddress.TryParse(name, out _))
        {
            return [name];
        }

        IPAddress[] resolved;
        try
        {
            resolved = await Dns.GetHostAddressesAsync(name, cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new NetworkException(NetworkError.Unreachable, $"name '{name}' does not resolve: {exception.Message}", exception);
        }

        if (resolved.Length == 0)
        {
            throw new NetworkException(NetworkError.Unreachable, $"name '{name}' has no address");
        }

        var hosts = new SortedSet<string>(StringComparer.Ordinal);
        foreach (IPAddress address in resolved)
        {
            hosts.Add(address.ToString());
        }

        return [.. hosts];
    }
}
