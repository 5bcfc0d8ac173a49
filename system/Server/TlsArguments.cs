using System.CommandLine;
using Microsoft.Extensions.Logging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production;
using SimGraph.Runtime.Production.Tls;

namespace SimGraph.Server;

/// <summary>The options of the command line that turn TLS on: all of them, or none.</summary>
internal sealed class TlsArguments
{
    private readonly Option<string?> _certificate = new("--tls-certificate")
    {
        Description = "PEM file with this process's certificate, for server and client; turns TLS on. Read anew while it runs.",
    };

    private readonly Option<string?> _key = new("--tls-key") { Description = "PEM file with the certificate's private key." };
    private readonly Option<string?> _authority = new("--tls-authority")
    {
        Description = "PEM file with the authorities whose certificates the other side may show. Who shows none of theirs is refused.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_certificate);
        command.Options.Add(_key);
        command.Options.Add(_authority);
    }

    /// <summary>What the command line says; null for connections in the clear.</summary>
    /// <exception cref="FormatException">Some of the options are given, and not all.</exception>
    public TlsOptions? Read(ParseResult parsed)
    {
        string?[] given = [parsed.GetValue(_certificate), parsed.GetValue(_key), parsed.GetValue(_authority)];
        if (Array.TrueForAll(given, static path => path is null))
        {
            return null;
        }

        var options = new TlsOptions { CertificatePath = given[0] ?? string.Empty, KeyPath = given[1] ?? string.Empty, AuthorityPath = given[2] ?? string.Empty };
        return Array.TrueForAll(given, static path => !string.IsNullOrEmpty(path))
            ? options
            : throw new FormatException("--tls-certificate, --tls-key and --tls-authority go together: give all of them, or none");
    }

    /// <summary>The network that the options ask for.</summary>
    public static async Task<INetwork> OpenAsync(TlsOptions? options, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var sockets = new SocketNetwork();
        return options is null ? sockets : await TlsNetwork.OpenAsync(sockets, options, TimeProvider.System, logging, cancellationToken);
    }
}
