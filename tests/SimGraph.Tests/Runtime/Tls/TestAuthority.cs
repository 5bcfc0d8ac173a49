using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SimGraph.Runtime.Production.Tls;

namespace SimGraph.Tests.Runtime.Tls;

/// <summary>An authority made for a test, and a folder with the files of those to whom it gives certificates.</summary>
internal sealed class TestAuthority : IDisposable
{
    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";
    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2";
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-2);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;
    private readonly string _folder = Directory.CreateTempSubdirectory("simgraph-tls-").FullName;
    private byte _serial;

    public TestAuthority(string name = "authority")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _certificate = request.CreateSelfSigned(From, From.AddDays(30));
    }

    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>Writes a certificate for the loopback, its key and this authority; over those of the same owner, if there are any.</summary>
    public TlsOptions Issue(string owner, string? host = null, int days = 20, bool forServer = true, TestAuthority? trusted = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={owner}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (host is null)
        {
            names.AddIpAddress(IPAddress.Loopback);
            names.AddDnsName("localhost");
        }
        else
        {
            names.AddDnsName(host);
        }

        OidCollection purposes = [new Oid(ClientPurpose)];
        if (forServer)
        {
            purposes.Add(new Oid(ServerPurpose));
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, critical: false));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        using X509Certificate2 issued = request.Create(_certificate, From, From.AddDays(days), [++_serial]);
        var options = new TlsOptions
        {
            CertificatePath = Path.Combine(_folder, $"{owner}.pem"),
            KeyPath = Path.Combine(_folder, $"{owner}.key"),
            AuthorityPath = Path.Combine(_folder, $"{owner}.authority.pem"),
            ReloadInterval = TimeSpan.Zero,
        };
        File.WriteAllText(options.CertificatePath, issued.ExportCertificatePem());
        File.WriteAllText(options.KeyPath, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(options.AuthorityPath, (trusted ?? this).Pem);
        return options;
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
