using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SimGraph.Runtime.Production.Tls;

/// <summary>What one end shows and whom it trusts. Immutable; connections that began with it keep it.</summary>
internal sealed class TlsIdentity
{
    private readonly X509Certificate2Collection _authorities;

    private TlsIdentity(SslStreamCertificateContext context, X509Certificate2Collection authorities)
    {
        Context = context;
        _authorities = authorities;
    }

    /// <summary>The own certificate, with its key and those between it and the authority.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>Whom the own certificate names.</summary>
    public string Subject => Context.TargetCertificate.Subject;

    /// <summary>When it ends.</summary>
    public DateTimeOffset Expires => Context.TargetCertificate.NotAfter;

    /// <summary>Reads PEM texts.</summary>
    /// <exception cref="CryptographicException">They hold no certificate, no key, or not the key of the certificate.</exception>
    /// <exception cref="ArgumentException">They hold no certificate, or no key.</exception>
    public static TlsIdentity Parse(string certificatePem, string keyPem, string authorityPem)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificatePem);
        X509Certificate2 own = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        if (OperatingSystem.IsWindows())
        {
            // Its TLS takes no key that lives in memory only.
            using X509Certificate2 inMemory = own;
            own = X509CertificateLoader.LoadPkcs12(inMemory.Export(X509ContentType.Pkcs12), password: null);
        }

        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(authorityPem);
        if (authorities.Count == 0)
        {
            throw new CryptographicException("the file of the authorities holds no certificate");
        }

        chain.RemoveAt(0);
        return new TlsIdentity(SslStreamCertificateContext.Create(own, chain, offline: true), authorities);
    }

    /// <summary>Who is trusted: the given authorities and nobody else.</summary>
    public X509ChainPolicy CreatePolicy(string purpose)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        policy.ApplicationPolicy.Add(new Oid(purpose));
        return policy;
    }
}
