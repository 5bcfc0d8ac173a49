using System.Collections.Immutable;
using System.Text;
using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Fanout.Forwarding;

/// <summary>How a client forwards its writes. <see cref="Validate"/> says what is wrong with it.</summary>
public sealed record ForwardingOptions
{
    /// <summary>Its name, unique among the forwarding clients of the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>Members to which commands are pushed, in turn.</summary>
    public required ImmutableArray<ForwardingTarget> Targets { get; init; }

    /// <summary>How long a reply may take before the command is forwarded again. 5 s.</summary>
    public TimeSpan ReplyLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>No further attempt is begun after this long, and no longer does an operation wait for its turn. 60 s.</summary>
    public TimeSpan OperationLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Operations of one client at a time, of which one is under way and the others wait; more are refused. 1,024.</summary>
    public int OperationsMax { get; init; } = 1024;

    /// <summary>Throws if the options make no sense.</summary>
    /// <exception cref="ArgumentException">What is wrong, and with which option.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrEmpty(Name), "Name is empty");
        Require(Encoding.UTF8.GetByteCount(Name) <= 200, "Name is longer than 200 bytes");
        Require(!Targets.IsDefaultOrEmpty, "Targets is empty: name at least one member");
        Require(ReplyLimit > TimeSpan.Zero, "ReplyLimit is not positive");
        Require(OperationLimit > TimeSpan.Zero, "OperationLimit is not positive");
        Require(OperationsMax >= 1, "OperationsMax is below 1");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"forwarding options: {message}");
        }
    }
}
