// TLS with certificates on both sides, around another network. Everything above stays as it is: frames over byte streams.

using Microsoft.Extensions.Logging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Runtime.Production.Tls;

/// <summary>
/// Connections that are encrypted, and whose ends have shown each other a certificate of an authority that the other trusts. The connecting end also wants the other's certificate to name the host
/// that it dialled. The files are read anew while it runs.
/// </summary>
public sealed class TlsNetwork : INetwork
{
    private readonly INetwork _inner;
    private readonly TlsOptions _options;
    private readonly TlsCertificates _certificates;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    private TlsNetwork(INetwork inner, TlsOptions options, TlsCertificates certificates, TimeProvider clock, ILogger logger)
    {
        _inner = inner;
        _options = options;
        _certificates = certificates;
        _clock = clock;
        _logger = logger;
    }

    /// <summary>Reads the certificates.</summary>
    /// <param name="inner">What carries the bytes.</param>
    /// <param name="options">Validated here.</param>
    /// <param name="clock">For limits, and for looking at the files again.</param>
    /// <param name="logging">Where logs go.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file must not be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The files do not hold what they should, or do not fit together.</exception>
    public static async Task<TlsNetwork> OpenAsync(
        INetwork inner, TlsOptions options, TimeProvider clock, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(logging);
        options.Validate();
        ILogger logger = logging.CreateLogger("SimGraph.Tls");
        return new TlsNetwork(inner, options, await TlsCertificates.OpenAsync(options, clock, logger, cancellationToken), clock, logger);
    }

    /// <inheritdoc/>
    public async ValueTask<IListener> ListenAsync(NetworkAddress address, CancellationToken cancellationToken)
    {
        IListener listener = await _inner.ListenAsync(address, cancellationToken);
        var scope = new TaskScope(new PoolTaskHost(_clock, _logger), $"tls-{listener.LocalAddress}");
        return new TlsListener(listener, CreateHandshake, _options.PendingConnectionsMax, scope, _clock, _logger);
    }

    /// <inheritdoc/>
    public async ValueTask<IConnection> ConnectAsync(NetworkAddress address, CancellationToken cancellationToken)
    {
        IConnection connection = await _inner.ConnectAsync(address, cancellationToken);
        return await CreateHandshake().ConnectAsync(connection, address.Host, cancellationToken);
    }

    private TlsHandshake CreateHandshake() => new(_certificates, _options, _clock);
}
