// Which address of a peer to dial next. Four may be known: what discovery says now, where the peer was reached last, what it said itself when it dialled this node, and what the membership says.
//
// Discovery may be late, or lie. So news of it are tried once, first; when that fails it is the turn of the others, and so on in turns: whatever is announced, and
// however often, every second attempt at least goes to an address that owes nothing to it. Who is reached must show the peer's number in its handshake.

using SimGraph.Runtime.Network;

namespace SimGraph.Replication.Peers;

/// <summary>The next address to dial. Not thread-safe.</summary>
/// <param name="configured">What the membership, or the configuration, says; null if it says nothing.</param>
internal sealed class PeerRoute(NetworkAddress? configured)
{
    private NetworkAddress? _discovered;
    private NetworkAddress? _discoveredWhenReached;
    private NetworkAddress? _reached;
    private bool? _failedAtDiscovered;
    private bool _isAtDiscovered;
    private int _knownTurn;

    /// <summary>The address to dial now; null if there is none.</summary>
    /// <param name="discovered">What discovery says now; null if it knows nothing.</param>
    /// <param name="claimed">What the peer said in its own handshake; null if it never came.</param>
    public NetworkAddress? Next(NetworkAddress? discovered, NetworkAddress? claimed = null)
    {
        _discovered = discovered;
        NetworkAddress? known = NextKnown(claimed);
        bool isTurnOfDiscovery = _failedAtDiscovered is { } failedThere ? !failedThere : discovered != _discoveredWhenReached;
        _isAtDiscovered = discovered is not null && (known is null || isTurnOfDiscovery);
        return _isAtDiscovered ? discovered : known;
    }

    /// <summary>The peer answered at the address that was given last.</summary>
    public void Succeeded(NetworkAddress address)
    {
        _reached = address;
        _discoveredWhenReached = _discovered;
        _failedAtDiscovered = null;
        _knownTurn = 0;
    }

    /// <summary>The peer was not to be reached, or lost, at the address that was given last.</summary>
    public void Failed()
    {
        _failedAtDiscovered = _isAtDiscovered;
        _knownTurn += _isAtDiscovered ? 0 : 1;
    }

    private NetworkAddress? NextKnown(NetworkAddress? claimed)
    {
        NetworkAddress? second = claimed == _reached ? null : claimed;
        NetworkAddress? third = configured == _reached || configured == claimed ? null : configured;
        int count = (_reached is null ? 0 : 1) + (second is null ? 0 : 1) + (third is null ? 0 : 1);
        if (count == 0)
        {
            return null;
        }

        int skipped = _knownTurn % count;
        foreach (NetworkAddress? candidate in (ReadOnlySpan<NetworkAddress?>)[_reached, second, third])
        {
            if (candidate is not null && skipped-- == 0)
            {
                return candidate;
            }
        }

        return null;
    }
}
