// The certificates of one end, read anew from their files while it runs. They are looked at when a connection begins, and not more often than the interval: no task, and nothing to stop. What
// cannot be read, or does not fit together because somebody is just replacing it, is reported and looked at again later; meanwhile the former ones serve.

using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Time;

namespace SimGraph.Runtime.Production.Tls;

/// <summary>The identity to begin a connection with. Thread-safe.</summary>
internal sealed class TlsCertificates
{
    // A certificate is some kilobytes; a path that names something else must not fill the memory.
    private const long FileBytesMax = 4 * 1024 * 1024;

    private readonly TlsOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly AsyncLock _turn = new();
    private (string Certificate, string Key, string Authority) _texts;
    private TlsIdentity _identity;
    private TimeSpan _lookedAt;

    private TlsCertificates(TlsOptions options, TimeProvider clock, ILogger logger, (string Certificate, string Key, string Authority) texts)
    {
        _options = options;
        _clock = clock;
        _logger = logger;
        _texts = texts;
        _identity = Parse(texts);
        _lookedAt = clock.Elapsed();
    }

    /// <summary>Reads the files for the first time.</summary>
    /// <exception cref="IOException">One cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">One must not be read.</exception>
    /// <exception cref="CryptographicException">They do not hold what they should, or do not fit together.</exception>
    public static async Task<TlsCertificates> OpenAsync(TlsOptions options, TimeProvider clock, ILogger logger, CancellationToken cancellationToken) =>
        new(options, clock, logger, await ReadAsync(options, cancellationToken));

    /// <summary>What the files hold, as of at most one interval ago.</summary>
    public async Task<TlsIdentity> CurrentAsync(CancellationToken cancellationToken)
    {
        using AsyncLock.Holder turn = await _turn.EnterAsync(cancellationToken);
        TimeSpan now = _clock.Elapsed();
        if (now - _lookedAt >= _options.ReloadInterval)
        {
            _lookedAt = now;
            await ReloadAsync(cancellationToken);
        }

        return _identity;
    }

    private static async Task<(string Certificate, string Key, string Authority)> ReadAsync(TlsOptions options, CancellationToken cancellationToken) => (
        await ReadAsync(options.CertificatePath, cancellationToken),
        await ReadAsync(options.KeyPath, cancellationToken),
        await ReadAsync(options.AuthorityPath, cancellationToken));

    private static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        long length = new FileInfo(path).Length;
        return length <= FileBytesMax
            ? await File.ReadAllTextAsync(path, cancellationToken)
            : throw new IOException($"'{path}' has {length} bytes: it is no PEM file of certificates");
    }

    private TlsIdentity Parse((string Certificate, string Key, string Authority) texts)
    {
        try
        {
            return TlsIdentity.Parse(texts.Certificate, texts.Key, texts.Authority);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new CryptographicException(
                $"TLS: '{_options.CertificatePath}', '{_options.KeyPath}' and '{_options.AuthorityPath}' are not a certificate, its key and authorities: {exception.Message}", exception);
        }
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        try
        {
            (string Certificate, string Key, string Authority) texts = await ReadAsync(_options, cancellationToken);
            if (texts == _texts)
            {
                return;
            }

            _identity = Parse(texts);
            _texts = texts;
            TlsLog.Reloaded(_logger, _options.CertificatePath, _identity.Subject, _identity.Expires);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            TlsLog.NotReloaded(_logger, _options.CertificatePath, exception.Message);
        }
    }
}
