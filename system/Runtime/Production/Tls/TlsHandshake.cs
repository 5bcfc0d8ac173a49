// The handshake of TLS with certificates on both sides. In TLS 1.3 the connecting end is done before the accepting end has looked at its certificate; a refusal would come as the failure of some
// later read. So the accepting end sends one byte when it is content, and the connecting end waits for that: a connection that is handed out is one that both ends want. It also means that
// nothing of the protocol lies unread when a connection is closed, which would turn its end into a reset.

using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using SimGraph.Runtime.Network;

namespace SimGraph.Runtime.Production.Tls;

/// <summary>One handshake.</summary>
internal sealed class TlsHandshake(TlsCertificates certificates, TlsOptions options, TimeProvider clock)
{
    private const byte Ready = 1;
    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";
    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2";

    // Why the other end's certificate was refused; the exception of SslStream says less.
    private string? _refusal;

    /// <summary>The connecting side. Whatever it throws, the connection is closed.</summary>
    /// <exception cref="NetworkException">One side does not want the other, or the connection broke.</exception>
    public Task<TlsConnection> ConnectAsync(IConnection connection, string host, CancellationToken cancellationToken) => RunAsync(
        connection,
        async (stream, token) =>
        {
            TlsIdentity identity = await certificates.CurrentAsync(token);
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    ClientCertificateContext = identity.Context,
                    CertificateChainPolicy = identity.CreatePolicy(ServerPurpose),
                    RemoteCertificateValidationCallback = Judge,
                    AllowRenegotiation = false,
                    AllowTlsResume = false,
                },
                token);
            byte[] answer = new byte[1];
            if (await stream.ReadAsync(answer, token) != 1 || answer[0] != Ready)
            {
                throw new AuthenticationException("the other side ended the connection instead of accepting it");
            }
        },
        cancellationToken);

    /// <summary>The accepting side. Whatever it throws, the connection is closed.</summary>
    /// <exception cref="NetworkException">One side does not want the other, or the connection broke.</exception>
    public Task<TlsConnection> AcceptAsync(IConnection connection, CancellationToken cancellationToken) => RunAsync(
        connection,
        async (stream, token) =>
        {
            TlsIdentity identity = await certificates.CurrentAsync(token);
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = identity.Context,
                    ClientCertificateRequired = true,
                    CertificateChainPolicy = identity.CreatePolicy(ClientPurpose),
                    RemoteCertificateValidationCallback = Judge,
                    AllowRenegotiation = false,
                    AllowTlsResume = false,
                },
                token);
            await stream.WriteAsync(new byte[] { Ready }, token);
        },
        cancellationToken);

    private async Task<TlsConnection> RunAsync(IConnection connection, Func<SslStream, CancellationToken, Task> shake, CancellationToken cancellationToken)
    {
        var stream = new SslStream(new ConnectionStream(connection), leaveInnerStreamOpen: true);
        bool isDone = false;
        using var limit = new CancellationTokenSource(options.HandshakeLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await shake(stream, either.Token);
            isDone = true;
            return new TlsConnection(connection, stream);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new NetworkException(
                NetworkError.Unreachable, $"{connection.RemoteAddress} did not finish the TLS handshake within {options.HandshakeLimit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s");
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException or InvalidOperationException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Failed(connection.RemoteAddress, exception);
        }
        finally
        {
            if (!isDone)
            {
                // Not an abort: it would overtake the alert that tells the other side why.
                await stream.DisposeAsync();
                await connection.DisposeAsync();
            }
        }
    }

    private NetworkException Failed(NetworkAddress address, Exception exception)
    {
        if (_refusal is not null)
        {
            return new NetworkException(NetworkError.Untrusted, $"the certificate of {address} is refused: {_refusal}", exception);
        }

        return exception is AuthenticationException
            ? new NetworkException(NetworkError.Untrusted, $"no TLS with {address}: {Reason(exception)}; see there why, and check that both sides use TLS and have certificates of an authority that the other trusts", exception)
            : new NetworkException(NetworkError.Reset, $"the TLS handshake with {address} broke off: {Reason(exception)}", exception);
    }

    private static string Reason(Exception exception)
    {
        Exception cause = exception;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return ReferenceEquals(cause, exception) ? exception.Message : $"{exception.Message} ({cause.Message})";
    }

    private bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        var reasons = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            reasons.Add("there is none");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            reasons.Add($"it does not name the host that was dialled");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            reasons.AddRange(chain?.ChainStatus.Select(static status => status.StatusInformation.Trim()) ?? []);
        }

        _refusal = $"{string.Join("; ", reasons.Distinct(StringComparer.Ordinal))}{(certificate is null ? string.Empty : $" ({certificate.Subject})")}";
        return false;
    }
}
