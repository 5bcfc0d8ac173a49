using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Node;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Production.Tls;

namespace SimGraph.Server;

/// <summary>The command line of the server.</summary>
internal sealed class ServerCommand
{
    private readonly Option<int> _id = new("--id") { Description = "Number of this node, from 1.", Required = true };
    private readonly Option<string> _data = new("--data") { Description = "Folder of this node's files; created if missing.", Required = true };
    private readonly Option<string?> _listen = new("--listen") { Description = "Address to listen at, if not this node's member address." };
    private readonly Option<string[]> _members = new("--member")
    {
        Description = "A voter of a new cluster as ID=HOST:PORT, this node included; once for each. None for a node that is to be added to a running one.",
    };

    private readonly Option<string?> _advertise = new("--advertise") { Description = "Address at which the others reach this node, if it is no --member." };
    private readonly Option<double?> _leaseDriftBound = new("--lease-drift-bound")
    {
        Description = "How much faster one machine's clock may run than another's, such as 0.01; allows reads by lease. The same on every member.",
    };

    private readonly Option<string[]> _dial = new("--dial")
    {
        Description = "Where this node reaches another one, as ID=HOST:PORT, if not at its member address; clients are told the member address.",
    };

    private readonly Option<string> _cluster = new("--cluster")
    {
        Description = "Name of the cluster.",
        DefaultValueFactory = _ => "simgraph",
    };

    private readonly Option<int> _heartbeatMs = new("--heartbeat-ms")
    {
        Description = "How often a leader shows that it lives.",
        DefaultValueFactory = _ => 1000,
    };

    private readonly Option<int> _electionTimeoutMs = new("--election-timeout-ms")
    {
        Description = "How long a follower bears silence.",
        DefaultValueFactory = _ => 5000,
    };

    private readonly TlsArguments _tls = new();

    public ServerCommand()
    {
        Root = new RootCommand("A node of a SimGraph cluster.") { _id, _data, _listen, _members, _advertise, _dial, _cluster, _heartbeatMs, _electionTimeoutMs, _leaseDriftBound };
        _tls.AddTo(Root);
        Root.SetAction(RunAsync);
        Root.Subcommands.Add(new BackupCommand());
        Root.Subcommands.Add(new RestoreCommand());
        Root.Subcommands.Add(new VerifyBackupCommand());
    }

    /// <summary>To parse and invoke.</summary>
    public RootCommand Root { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ReplicaOptions options;
        TlsOptions? tls;
        try
        {
            options = Read(parsed);
            options.Validate();
            tls = _tls.Read(parsed);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"simgraph-server: {exception.Message}");
            return ExitCodes.Usage;
        }

        var host = new ServerHost(options, tls, parsed.GetValue(_data)!);
        return await host.RunAsync(cancellationToken);
    }

    private ReplicaOptions Read(ParseResult parsed)
    {
        return new ReplicaOptions
        {
            Self = NodeArguments.ReadId(parsed.GetValue(_id).ToString(CultureInfo.InvariantCulture), "--id"),
            Members = NodeArguments.ReadAddresses("--member", parsed.GetValue(_members)),
            DialAddresses = NodeArguments.ReadAddresses("--dial", parsed.GetValue(_dial)),
            ListenAddress = parsed.GetValue(_listen) is { } listen ? NetworkAddress.Parse(listen) : null,
            AdvertisedAddress = parsed.GetValue(_advertise) is { } advertised ? NetworkAddress.Parse(advertised) : null,
            LeaseDriftBound = parsed.GetValue(_leaseDriftBound),
            ClusterId = parsed.GetValue(_cluster)!,
            HeartbeatInterval = TimeSpan.FromMilliseconds(parsed.GetValue(_heartbeatMs)),
            ElectionTimeout = TimeSpan.FromMilliseconds(parsed.GetValue(_electionTimeoutMs)),
        };
    }
}
