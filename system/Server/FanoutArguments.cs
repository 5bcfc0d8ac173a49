using System.Collections.Immutable;
using System.CommandLine;
using SimGraph.Cluster.Discovery;
using SimGraph.Replication.Client;
using SimGraph.Replication.Fanout.Following;
using SimGraph.Replication.Fanout.Publishing;
using SimGraph.Replication.Node;
using SimGraph.Runtime.Network;

namespace SimGraph.Server;

/// <summary>The addresses of the fan-out on the command line: three ports in a row, of which the first is named.</summary>
internal sealed class FanoutArguments
{
    private readonly Option<string?> _publish = new("--publish")
    {
        Description = "Address at which this node publishes what is committed to read replicas (ZeroMQ PUB). The next port takes their reports and requests (ROUTER), the one after it forwarded "
            + "commands (PULL). Not encrypted. 9090 by custom.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(_publish);

    /// <summary>What the command line says; null for no publishing.</summary>
    /// <exception cref="FormatException">No address, or one without room for three ports.</exception>
    public PublisherOptions? Read(ParseResult parsed, ReplicaOptions node)
    {
        if (parsed.GetValue(_publish) is not { } given)
        {
            return null;
        }

        NetworkAddress publish = ReadFirst("--publish", given);
        NetworkAddress own = node.AdvertisedAddress ?? node.Members[node.Self];
        return new PublisherOptions
        {
            PublishAddress = publish,
            ControlAddress = Next(publish, 1),
            ForwardAddress = Next(publish, 2),
            Cluster = new ClientOptions
            {
                Addresses = [.. node.Members.Values.Append(own).Distinct()],
                Seeds = node.Discovery is { Seeds.IsEmpty: false } discovery ? new StaticSeedSource(discovery.Seeds) : null,
                ClusterId = node.ClusterId,
            },
        };
    }

    /// <summary>Members that publish, each by the address of its --publish.</summary>
    /// <exception cref="FormatException">One is no such address.</exception>
    public static ImmutableArray<FanoutSource> ReadSources(string option, IEnumerable<string> given) =>
        [.. given.Select(text => ReadFirst(option, text)).Select(static publish => new FanoutSource(publish, Next(publish, 1)))];

    private static NetworkAddress ReadFirst(string option, string text)
    {
        NetworkAddress address = NetworkAddress.Parse(text);
        return address.Port is >= 1 and <= 65533
            ? address
            : throw new FormatException($"{option} {text}: the port must be from 1 to 65533, since the two after it are used too");
    }

    private static NetworkAddress Next(NetworkAddress first, int offset) => first with { Port = first.Port + offset };
}
