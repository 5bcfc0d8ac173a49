// Holds one running service to the truth. What it must not do:
// - call a process healthy that cannot have answered it within the failure time on its own clock, because it had ended or a link between them was cut. Gossip
//   about the dead, old answers and clocks that jump all show here;
// - call itself anything but alive, or leave itself out;
// - go back to an older epoch, or follow another machine with the epoch of one that it has heard;
// - keep for ever whom it does not hear;
// - tell its observer another story than the members show, or anything after the stop.

using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Replication.Discovery;
using SimGraph.Runtime.Probes;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Discovery;

/// <summary>Checks one service from its start to its stop.</summary>
internal sealed class DiscoveryWatch(World world, IProbes probes, DiscoveryTruth truth, Machine machine, DiscoveryPlan plan) : IDiscoveryObserver
{
    /// <summary>Beyond the tick that notices: the time that a busy scheduler and four ticks take.</summary>
    private static readonly TimeSpan TellingLimit = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<NodeId, MemberState> _told = [];
    private readonly SortedDictionary<NodeId, ulong> _epochs = [];
    private readonly SortedDictionary<NodeId, MemberRecord> _heard = [];
    private readonly SortedDictionary<NodeId, (MemberState? Shown, TimeSpan Since)> _untold = [];
    private TimeSpan _pausedUntil = TimeSpan.MinValue / 2;
    private DiscoveryService? _service;

    /// <summary>True once a stop has returned.</summary>
    public bool HasStopped { get; set; }

    public void Begin(DiscoveryService service) => _service = service;

    /// <inheritdoc/>
    public void Changed(MemberEvent change)
    {
        if (HasStopped)
        {
            world.Fail(ViolationClass.Leak, "leak.callback-after-stop", $"{machine.Name} called its observer ({change.Kind}) after StopAsync had returned");
        }

        NodeId node = change.Record.Node;
        bool isKnown = _told.TryGetValue(node, out MemberState state);
        switch (change.Kind)
        {
            case MemberEventKind.Joined:
                Check(!isKnown, "discovery.told-twice", change);
                _told[node] = MemberState.Unheard;
                break;
            case MemberEventKind.Alive:
                Check(isKnown && state != MemberState.Alive, "discovery.told-out-of-order", change);
                Probe(state == MemberState.Dead, "discovery.member-came-back");
                _told[node] = MemberState.Alive;
                break;
            case MemberEventKind.Suspect:
                Check(isKnown && state != MemberState.Suspect, "discovery.told-out-of-order", change);
                _told[node] = MemberState.Suspect;
                break;
            case MemberEventKind.Dead:
                Check(isKnown && state != MemberState.Dead, "discovery.told-out-of-order", change);
                Probe(true, "discovery.member-died");
                _told[node] = MemberState.Dead;
                break;
            case MemberEventKind.Removed:
                Check(isKnown && state is not MemberState.Alive and not MemberState.Suspect, "discovery.living-removed", change);
                Probe(true, "discovery.member-removed");
                _told.Remove(node);

                // The identity of who was forgotten may be taken by another.
                _heard.Remove(node);
                break;
            case MemberEventKind.Restarted or MemberEventKind.AddressChanged:
                Check(isKnown, "discovery.told-out-of-order", change);
                Probe(change.Kind == MemberEventKind.AddressChanged, "discovery.address-changed");
                _told[node] = MemberState.Unheard;
                break;
            case MemberEventKind.Fenced:
                Probe(true, change.Reason.Contains("stale", StringComparison.Ordinal) ? "discovery.stale-fenced" : "discovery.rival-fenced");
                break;
            case MemberEventKind.SelfFenced:
                Probe(true, "discovery.self-fenced");
                break;
        }
    }

    /// <summary>Looks at the members as they are now.</summary>
    public void Look()
    {
        _pausedUntil = machine.IsPaused ? world.Now : _pausedUntil;
        MemberSnapshot members = _service!.Members!;
        LookAtSelf(members);
        foreach (ObservedMember member in members.All)
        {
            if (member.Node != members.Self)
            {
                LookAt(member, members.At);
            }
        }

        LookAtTold(members);
    }

    private void LookAtSelf(MemberSnapshot members)
    {
        ObservedMember? self = members.Find(members.Self);
        if (self is not { State: MemberState.Alive } || self.LastHeard != members.At || !members.Healthy.Contains(self))
        {
            Fail("discovery.not-alive-to-itself", $"sees itself as {self?.State.ToString() ?? "unknown"}");
        }

        // Alone among the dead there is no quorum; alone with itself there is.
        if (members.HasQuorum != (members.Healthy.Count > members.All.Count / 2))
        {
            Fail("discovery.quorum", $"counts {members.Healthy.Count} of {members.All.Count} and says quorum {members.HasQuorum}");
        }
    }

    private void LookAt(ObservedMember member, TimeSpan now)
    {
        MemberRecord record = member.Record;
        if (_epochs.TryGetValue(member.Node, out ulong epoch) && record.Epoch < epoch)
        {
            Fail("discovery.epoch-went-back", $"node {member.Node}: epoch {record.Epoch} after {epoch}");
        }

        _epochs[member.Node] = record.Epoch;
        if (member.LastHeard is not null)
        {
            if (_heard.TryGetValue(member.Node, out MemberRecord? before) && before.Epoch == record.Epoch && !before.IsSameProcess(record))
            {
                Fail("discovery.identity-changed-hands", $"node {member.Node}, epoch {epoch}: {record.DiscoveryAddress} after {before.DiscoveryAddress}");
            }

            _heard[member.Node] = record;
        }

        if (member.IsHealthy)
        {
            LookAtHealthy(member, now);
        }

        TimeSpan silence = now - (member.LastHeard ?? member.KnownSince);
        if (silence > plan.ExpireAfter + TellingLimit && world.Now - _pausedUntil > TellingLimit)
        {
            Fail("discovery.never-expires", $"node {member.Node} is silent for {silence.TotalSeconds:0.###} s and still known");
        }
    }

    private void LookAtHealthy(ObservedMember member, TimeSpan now)
    {
        if (truth.Find(member.Record) is not { } process)
        {
            Fail("discovery.nobody-is-healthy", $"node {member.Node}, epoch {member.Record.Epoch} at {member.Record.DiscoveryAddress} has never run");
            return;
        }

        long clock = machine.Clock.MonotonicTicks;
        if (truth.SilentSince(machine, process) is { } since && clock - since >= new MemberTableOptions().FailureAfter.Ticks)
        {
            string silence = new TimeSpan(clock - since).TotalSeconds.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);
            Fail(
                "discovery.dead-look-alive",
                $"node {member.Node}, epoch {member.Record.Epoch} is {member.State}, though it cannot have answered for {silence} s; last heard {(now - member.LastHeard)?.TotalSeconds:0.###} s ago");
        }
    }

    /// <summary>What the observer was told of a member may lag behind what the members show, by little.</summary>
    private void LookAtTold(MemberSnapshot members)
    {
        foreach (NodeId node in members.All.Select(static member => member.Node).Concat(_told.Keys).Where(node => node != members.Self).Distinct().ToArray())
        {
            MemberState? shown = members.Find(node)?.State;
            MemberState? told = _told.TryGetValue(node, out MemberState state) ? state : null;
            if (machine.IsPaused || shown == told)
            {
                _untold.Remove(node);
                continue;
            }

            if (!_untold.TryGetValue(node, out (MemberState? Shown, TimeSpan Since) untold) || untold.Shown != shown)
            {
                _untold[node] = untold = (shown, world.Now);
            }

            if (world.Now - untold.Since > TellingLimit)
            {
                Fail("discovery.not-told", $"the observer was not told that node {node} is {shown?.ToString() ?? "forgotten"}, which the members have shown for a second");
            }
        }
    }

    private void Check(bool condition, string name, MemberEvent change)
    {
        if (!condition)
        {
            Fail(name, $"was told {change.Kind} of node {change.Record.Node}, epoch {change.Record.Epoch}");
        }
    }

    private void Probe(bool condition, string name)
    {
        if (condition)
        {
            probes.Reachable(name);
        }
    }

    private void Fail(string name, string message) => world.Fail(ViolationClass.Safety, name, $"{machine.Name} {message}");
}
