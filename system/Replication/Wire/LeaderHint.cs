using System.Text;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Wire;

/// <summary>Where the leader was last seen, for a client that asked another node.</summary>
internal static class LeaderHint
{
    private const int AddressBytesMax = 300;

    /// <summary>Encodes; empty for "unknown".</summary>
    public static byte[] Encode(NetworkAddress? leader) => leader is { } address ? Encoding.UTF8.GetBytes(address.ToString()) : [];

    /// <summary>Decodes.</summary>
    /// <exception cref="ProtocolException">Not an address.</exception>
    public static NetworkAddress? Decode(ReadOnlySpan<byte> body)
    {
        if (body.Length == 0)
        {
            return null;
        }

        if (body.Length > AddressBytesMax)
        {
            throw new ProtocolException($"leader hint: {body.Length} bytes; at most {AddressBytesMax} are allowed");
        }

        try
        {
            return NetworkAddress.Parse(Encoding.UTF8.GetString(body));
        }
        catch (FormatException)
        {
            throw new ProtocolException("leader hint: not an address");
        }
    }
}
