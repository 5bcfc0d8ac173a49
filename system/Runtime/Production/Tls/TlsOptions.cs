namespace SimGraph.Runtime.Production.Tls;

/// <summary>Where the certificates of one end are, and its limits. <see cref="Validate"/> says what is wrong with it.</summary>
public sealed record TlsOptions
{
    /// <summary>PEM file with this end's certificate, and behind it those between it and the authority. It must be good for a server and for a client: members are both.</summary>
    public required string CertificatePath { get; init; }

    /// <summary>PEM file with the private key of the certificate, not encrypted.</summary>
    public required string KeyPath { get; init; }

    /// <summary>PEM file with the certificates of the authorities that this end trusts. Whoever has a certificate of theirs may connect; the authorities of the system count for nothing.</summary>
    public required string AuthorityPath { get; init; }

    /// <summary>How long a handshake may take. 5 s.</summary>
    public TimeSpan HandshakeLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The files are looked at again with the first handshake after this long; connections that are open go on as they began. 10 s.</summary>
    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections of one listener that are in their handshake or wait to be accepted; more wait in the kernel. 256.</summary>
    public int PendingConnectionsMax { get; init; } = 256;

    /// <summary>Throws if the options make no sense.</summary>
    /// <exception cref="ArgumentException">What is wrong, and with which option.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrEmpty(CertificatePath), "CertificatePath is empty");
        Require(!string.IsNullOrEmpty(KeyPath), "KeyPath is empty");
        Require(!string.IsNullOrEmpty(AuthorityPath), "AuthorityPath is empty");
        Require(HandshakeLimit > TimeSpan.Zero, "HandshakeLimit is not positive");
        Require(ReloadInterval >= TimeSpan.Zero, "ReloadInterval is negative");
        Require(PendingConnectionsMax >= 1, "PendingConnectionsMax is below 1");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"TLS options: {message}");
        }
    }
}
