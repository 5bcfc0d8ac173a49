using System.Collections.Immutable;
using System.CommandLine;
using SimGraph.Replication.Node;
using SimGraph.Runtime.Network;

namespace SimGraph.Server;

/// <summary>The options of the command line that turn discovery on.</summary>
internal sealed class DiscoveryArguments
{
    private static readonly string[] AnyHost = ["*", "0.0.0.0", "::", "[::]"];

    private readonly Option<string?> _listen = new("--discovery-listen")
    {
        Description = "Address, with a port of its own, at which this node tells others who is there; turns discovery on. With a host that stands for all, such as 0.0.0.0, others are told the host of this "
            + "node's own address.",
    };

    private readonly Option<string[]> _seeds = new("--seed")
    {
        Description = "Where another node has its --discovery-listen, as HOST:PORT; once for each. One that lives is enough to find all. The same list may be given to every node.",
    };

    private readonly Option<string[]> _names = new("--discover-dns")
    {
        Description = "A name and a port, as NAME:PORT: every address behind the name is a seed, looked up again each time.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_listen);
        command.Options.Add(_seeds);
        command.Options.Add(_names);
    }

    /// <summary>What the command line says; null for no discovery.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="own">The host under which others reach this node; null if it is not known.</param>
    /// <exception cref="FormatException">Seeds without a place to listen, or something that is no address.</exception>
    public NodeDiscoveryOptions? Read(ParseResult parsed, string? own)
    {
        ImmutableArray<NetworkAddress> seeds = ReadAll("--seed", parsed.GetValue(_seeds));
        ImmutableArray<NetworkAddress> names = ReadAll("--discover-dns", parsed.GetValue(_names));
        if (parsed.GetValue(_listen) is not { } given)
        {
            return seeds.IsEmpty && names.IsEmpty
                ? null
                : throw new FormatException("--seed and --discover-dns need --discovery-listen HOST:PORT, where this node answers the others in its turn");
        }

        NetworkAddress listen = NetworkAddress.Parse(given);
        return new NodeDiscoveryOptions { ListenAddress = listen, AdvertisedHost = AnyHost.Contains(listen.Host) ? own : null, Seeds = seeds, SeedNames = names };
    }

    private static ImmutableArray<NetworkAddress> ReadAll(string option, string[]? given)
    {
        ImmutableArray<NetworkAddress>.Builder addresses = ImmutableArray.CreateBuilder<NetworkAddress>();
        foreach (string text in given ?? [])
        {
            NetworkAddress address = NetworkAddress.Parse(text);
            addresses.Add(address.Port > 0 ? address : throw new FormatException($"{option} {text}: nobody can be asked at port 0"));
        }

        return addresses.ToImmutable();
    }
}
