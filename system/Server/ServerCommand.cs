using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Fanout.Publishing;
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
        Description = "A voter of a new cluster as ID=HOST:PORT, this node included; once for each, and the same on every node. With discovery, ID alone: its address is found. None for a node that is to be "
            + "added to a running cluster.",
    };

    private readonly Option<string?> _advertise = new("--advertise")
    {
        Description = "Address at which the others reach this node, if not at that of its --member: it is no member yet, or, with discovery, has come back elsewhere.",
    };

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

    private readonly DiscoveryArguments _discovery = new();
    private readonly FanoutArguments _fanout = new();
    private readonly TlsArguments _tls = new();

    public ServerCommand()
    {
        Root = new RootCommand("A node of a SimGraph cluster.") { _id, _data, _listen, _members, _advertise, _dial, _cluster, _heartbeatMs, _electionTimeoutMs, _leaseDriftBound };
        _discovery.AddTo(Root);
        _fanout.AddTo(Root);
        _tls.AddTo(Root);
        Root.SetAction(RunAsync);
        Root.Subcommands.Add(new ReadReplicaCommand());
        Root.Subcommands.Add(new BackupCommand());
        Root.Subcommands.Add(new RestoreCommand());
        Root.Subcommands.Add(new VerifyBackupCommand());
    }

    /// <summary>To parse and invoke.</summary>
    public RootCommand Root { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ReplicaOptions options;
        PublisherOptions? publishing;
        TlsOptions? tls;
        try
        {
            options = Read(parsed);
            options.Validate();
            publishing = _fanout.Read(parsed, options);
            publishing?.Validate();
            tls = _tls.Read(parsed);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"simgraph-server: {exception.Message}");
            return ExitCodes.Usage;
        }

        var host = new ServerHost(options, publishing, tls, parsed.GetValue(_data)!);
        return await host.RunAsync(cancellationToken);
    }

    private ReplicaOptions Read(ParseResult parsed)
    {
        NodeId self = NodeArguments.ReadId(parsed.GetValue(_id).ToString(CultureInfo.InvariantCulture), "--id");
        ILookup<bool, string> members = (parsed.GetValue(_members) ?? []).ToLookup(static text => text.Contains('=', StringComparison.Ordinal));
        ImmutableSortedDictionary<NodeId, NetworkAddress> located = NodeArguments.ReadAddresses("--member", [.. members[true]]);
        ImmutableSortedSet<NodeId> numbered = [.. members[false].Select(static text => NodeArguments.ReadId(text, "--member"))];
        NetworkAddress? listen = parsed.GetValue(_listen) is { } listening ? NetworkAddress.Parse(listening) : null;
        NetworkAddress? advertised = parsed.GetValue(_advertise) is { } given ? NetworkAddress.Parse(given) : null;

        // Of a voter without an address the best that is known is where it listens.
        advertised ??= numbered.Contains(self) ? listen : null;
        string? host = advertised?.Host ?? (located.TryGetValue(self, out NetworkAddress own) ? own.Host : null);
        NodeDiscoveryOptions? discovery = _discovery.Read(parsed, host);
        if (discovery is null && !numbered.IsEmpty)
        {
            throw new FormatException($"--member {numbered[0].Value}: not of the form ID=HOST:PORT; to have its address found, give --discovery-listen and --seed");
        }

        if (numbered.Contains(self) && advertised is null)
        {
            throw new FormatException($"--member {self.Value}: this node is to be found, and does not know its own address; give --listen or --advertise HOST:PORT");
        }

        return new ReplicaOptions
        {
            Self = self,
            Members = located,
            VotersToFind = numbered,
            Discovery = discovery,
            DialAddresses = NodeArguments.ReadAddresses("--dial", parsed.GetValue(_dial)),
            ListenAddress = listen,
            AdvertisedAddress = advertised,
            LeaseDriftBound = parsed.GetValue(_leaseDriftBound),
            ClusterId = parsed.GetValue(_cluster)!,
            HeartbeatInterval = TimeSpan.FromMilliseconds(parsed.GetValue(_heartbeatMs)),
            ElectionTimeout = TimeSpan.FromMilliseconds(parsed.GetValue(_electionTimeoutMs)),
        };
    }
}
