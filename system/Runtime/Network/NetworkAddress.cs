using System.Globalization;

namespace SimGraph.Runtime.Network;

/// <summary>Host name (or IP address) and port. Port 0 asks a listener for any free port.</summary>
public readonly record struct NetworkAddress(string Host, int Port)
{
    /// <summary>Parses <c>host:port</c>.</summary>
    /// <exception cref="FormatException">Not of that form.</exception>
    public static NetworkAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.LastIndexOf(':');
        if (colon <= 0
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port is < 0 or > 65535)
        {
            throw new FormatException($"'{text}' is not an address of the form host:port");
        }

        return new NetworkAddress(text[..colon], port);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Host}:{Port.ToString(CultureInfo.InvariantCulture)}";
}
