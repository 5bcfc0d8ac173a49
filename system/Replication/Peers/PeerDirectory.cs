// The ways to other nodes: one sender for each member of the membership in force, and for those that speak to this node and are no members as far as it knows (a leader
// that added it, a candidate of a newer membership, a server that was removed). What a sender of a former member holds is given up.
//
// Concurrency model: the event loop alone adds and removes senders, when it follows the membership and when it sends; connections teach addresses; discovery knows those of members that came back elsewhere;
// the tick watches.
// A sender that is not wanted any more is retired by a task.

using Microsoft.Extensions.Logging;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Discovery;
using SimGraph.Replication.Node;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Replication.Peers;

/// <summary>Who is where, and how to send there. Thread-safe.</summary>
internal sealed class PeerDirectory(
    IPlatform platform, ReplicaOptions options, DiscoveryService? discovery, ReplicaInbox inbox, TaskScope scope, ILogger logger)
{
    // Nodes that are no members: a few of them have a reason to speak to this one at any time.
    private const int StrangersMax = 64;

    private readonly object _gate = new();
    private readonly SortedDictionary<NodeId, NetworkAddress> _strangers = [];
    private readonly SortedDictionary<NodeId, NetworkAddress> _claims = [];
    private Membership _membership = Membership.Empty;
    private PeerSender[] _senders = [];

    /// <summary>Those that there are now.</summary>
    public PeerSender[] Senders
    {
        get
        {
            lock (_gate)
            {
                return _senders;
            }
        }
    }

    /// <summary>Bytes that wait to be sent.</summary>
    public long QueuedBytes
    {
        get
        {
            long queued = 0;
            foreach (PeerSender sender in Senders)
            {
                queued += sender.QueuedBytes;
            }

            return queued;
        }
    }

    /// <summary>The sender to a node; null if nobody knows where it is, or this node stops.</summary>
    public PeerSender? SenderTo(NodeId node)
    {
        foreach (PeerSender sender in Senders)
        {
            if (sender.Peer == node)
            {
                return sender;
            }
        }

        NetworkAddress? address;
        lock (_gate)
        {
            address = AddressOfHeld(node);
        }

        return (address ?? ClaimedBy(node) ?? DiscoveredOf(node)) is not null ? TryAdd(node, address) : null;
    }

    /// <summary>Where discovery says that a node is now; null if it does not know, or there is none.</summary>
    public NetworkAddress? DiscoveredOf(NodeId node) => discovery?.Find(node)?.Address;

    /// <summary>Where a member said that it is, when it dialled this node; null if it did not, or members do not move.</summary>
    public NetworkAddress? ClaimedBy(NodeId member)
    {
        lock (_gate)
        {
            return _claims.TryGetValue(member, out NetworkAddress address) ? address : null;
        }
    }

    /// <summary>Where clients reach a node; null if nobody knows.</summary>
    public NetworkAddress? AddressForClients(NodeId node)
    {
        foreach (PeerSender sender in Senders)
        {
            if (sender.Peer == node && sender.AddressForClients is { } reached)
            {
                return reached;
            }
        }

        NetworkAddress? address;
        lock (_gate)
        {
            address = AddressOfHeld(node);
        }

        return address ?? DiscoveredOf(node);
    }

    /// <summary>Another membership is in force.</summary>
    public void Follow(Membership membership)
    {
        var stay = new List<PeerSender>();
        var retired = new List<PeerSender>();
        lock (_gate)
        {
            // Who leaves is still to be answered: a leader that removes itself leads until that is committed. The next change ends it.
            Membership former = _membership;
            List<PeerSender> known = [.. _senders.Where(sender => former.Contains(sender.Peer) || membership.Contains(sender.Peer))];
            _membership = membership;
            foreach (PeerSender sender in _senders)
            {
                if (!membership.Contains(sender.Peer) && former.Contains(sender.Peer) && sender.AddressForClients is { } last)
                {
                    Remember(sender.Peer, last);
                }

                // Of a stranger that became a member the address may be another one.
                (known.Contains(sender) && AddressOfHeld(sender.Peer) == sender.Address ? stay : retired).Add(sender);
            }

            foreach (Member member in membership.Voters.Concat(membership.Learners))
            {
                if (_strangers.Remove(member.Id, out NetworkAddress address))
                {
                    Claim(member.Id, address);
                }
            }

            foreach (NodeId gone in _claims.Keys.Where(node => !membership.Contains(node)).ToArray())
            {
                _claims.Remove(gone);
            }

            _senders = [.. stay];
        }

        foreach (PeerSender sender in retired)
        {
            Retire(sender);
        }

        foreach (Member member in membership.Voters.Concat(membership.Learners))
        {
            if (member.Id != options.Self)
            {
                SenderTo(member.Id);
            }
        }
    }

    /// <summary>Gives up what senders hold. Call when none of them runs any more.</summary>
    public void Discard()
    {
        foreach (PeerSender sender in Senders)
        {
            sender.Discard();
        }
    }

    /// <summary>A node says where it listens. False when that is no address, or too many strangers have come.</summary>
    public bool TryLearn(NodeId node, string address)
    {
        NetworkAddress parsed;
        try
        {
            parsed = NetworkAddress.Parse(address);
        }
        catch (FormatException)
        {
            return false;
        }

        lock (_gate)
        {
            if (_membership.Contains(node))
            {
                Claim(node, parsed);
                return true;
            }

            return Remember(node, parsed);
        }
    }

    /// <summary>Looks after every connection. Call now and then.</summary>
    public void Watch()
    {
        foreach (PeerSender sender in Senders)
        {
            sender.Watch();
        }
    }

    // Without discovery members stay where the membership has them.
    private void Claim(NodeId member, NetworkAddress address)
    {
        if (discovery is not null)
        {
            _claims[member] = address;
        }
    }

    private bool Remember(NodeId stranger, NetworkAddress address)
    {
        if (!_strangers.ContainsKey(stranger) && _strangers.Count >= StrangersMax)
        {
            return false;
        }

        _strangers[stranger] = address;
        return true;
    }

    private NetworkAddress? AddressOfHeld(NodeId node)
    {
        if (_membership.Find(node) is { } member)
        {
            if (member.Address.Length == 0)
            {
                return null;
            }

            try
            {
                return NetworkAddress.Parse(member.Address);
            }
            catch (FormatException)
            {
                return null;
            }
        }

        return _strangers.TryGetValue(node, out NetworkAddress address) ? address : null;
    }

    private PeerSender? TryAdd(NodeId node, NetworkAddress? address)
    {
        try
        {
            TaskScope child = scope.CreateChild($"peer-{node.Value}");
            var sender = new PeerSender(platform, options, node, address, this, inbox, child, logger);
            sender.Start();
            lock (_gate)
            {
                _senders = [.. _senders.Append(sender).OrderBy(static other => other.Peer)];
            }

            return sender;
        }
        catch (ScopeStoppedException)
        {
            return null;
        }
    }

    private void Retire(PeerSender sender)
    {
        platform.Probes.Reachable("repl.peer-retired");
        try
        {
            scope.Run("retire", _ => sender.RetireAsync());
        }
        catch (ScopeStoppedException)
        {
            // The stop of the scope ends its tasks as well.
        }
    }
}
