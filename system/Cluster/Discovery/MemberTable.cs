// Who is in the cluster and who of them is alive, as one node sees it. A pure core: records and moments in, events out; no I/O, no clock of its own.
//
// The rules, and what they are for:
// - Life is judged by direct evidence alone: the member's own answer to this node's question, dated at the moment when the question was asked, on this
//   node's monotonic clock. The answer may have travelled for long, so a later date would make the dead look alive. Neither hearsay nor the member's own
//   announcement (which may have waited in a network for minutes) is evidence. Wall clocks appear nowhere.
// - A record is believed by (epoch, revision). The epoch is the node's persisted boot counter; nobody guesses the epoch of another. A lower one is refused
//   (fenced). The same one at another address means two machines with one identity: the one that was heard first keeps it, the other is refused and
//   reported. A higher one replaces, and has to be heard anew.
// - Hearsay may add the unheard, and may bring newer epochs. It never brings anybody to life. Only the healthy are told on, so the dead, once forgotten
//   everywhere, stay forgotten; the epoch of who was forgotten is remembered, so that a stale clone cannot come back in its place.
// - This node is alive to itself, always, and counts in its own quorum.
//
// Failure detection after the heartbeat counters of van Renesse, Minsky and Hayden (A Gossip-Style Failure Detection Service, 1998), with evidence by
// probes instead of gossiped counters, as in SWIM (Das, Gupta, Motivala, 2002).

using SimGraph.Cluster.Consensus;
using SimGraph.Runtime;

namespace SimGraph.Cluster.Discovery;

/// <summary>The members as one node sees them. Not thread-safe.</summary>
public sealed partial class MemberTable
{
    private readonly MemberTableOptions _options;
    private readonly SortedDictionary<NodeId, Entry> _entries = [];
    private readonly SortedDictionary<NodeId, Fence> _fences = [];
    private readonly List<MemberEvent> _events = [];
    private readonly NodeId _self;
    private readonly TimeSpan _startedAt;
    private MemberRecord _own;
    private TimeSpan _latest;
    private long _fencesMade;

    /// <param name="options">Validated here.</param>
    /// <param name="own">This node's first record.</param>
    /// <param name="now">This node's monotonic clock.</param>
    public MemberTable(MemberTableOptions options, MemberRecord own, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(own);
        options.Validate();
        own.Validate();
        _options = options;
        _own = own;
        _self = own.Node;
        _startedAt = now;
        _latest = now;
    }

    /// <summary>What this node says of itself.</summary>
    public MemberRecord Own => _own;

    /// <summary>Why others refuse this node: another process has its identity. Null as long as that is not known.</summary>
    public string? FencedBecause { get; private set; }

    /// <summary>Members known, this node included.</summary>
    public int Count => _entries.Count + 1;

    /// <summary>Changes what this node says of itself. False if nothing changed.</summary>
    public bool UpdateSelf(MemberRole role, ulong term, int priority)
    {
        if (_own.Role == role && _own.Term == term && _own.Priority == priority)
        {
            return false;
        }

        _own = _own with { Role = role, Term = term, Priority = priority, Revision = _own.Revision + 1 };
        _own.Validate();
        Emit(MemberEventKind.Updated, _own);
        return true;
    }

    /// <summary>The member itself answered a question that was asked at <paramref name="askedAt"/>.</summary>
    public Admission HearAnswer(MemberRecord record, TimeSpan askedAt, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(record);
        now = Advance(now);
        askedAt = askedAt < now ? askedAt : now;
        Admission admission = Believe(record, Source.Answer, now);
        if (admission.IsWelcome && record.Node != _self)
        {
            Entry entry = _entries[record.Node];
            entry.FirstHeard ??= askedAt;
            entry.LastHeard = entry.LastHeard is { } before && before > askedAt ? before : askedAt;
            Judge(entry, now);
        }

        return admission;
    }

    /// <summary>The member announces itself: it is believed what it says of itself, but it has yet to answer.</summary>
    public Admission HearAnnouncement(MemberRecord record, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(record);
        return Believe(record, Source.Announcement, Advance(now));
    }

    /// <summary>Another member speaks of it.</summary>
    public Admission HearHearsay(MemberRecord record, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(record);
        return Believe(record, Source.Hearsay, Advance(now));
    }

    /// <summary>Another member does not believe this node's own record.</summary>
    public void HearRefusal(Admission admission)
    {
        if (admission.Verdict is AdmissionVerdict.Fenced or AdmissionVerdict.Conflict && admission.KnownEpoch >= _own.Epoch)
        {
            BeFenced(_own, admission.Reason);
        }
    }

    /// <summary>Time goes on: the silent become suspect, dead and forgotten. Call at least once in a heartbeat interval.</summary>
    public void Tick(TimeSpan now)
    {
        now = Advance(now);
        List<Entry>? expired = null;
        foreach (Entry entry in _entries.Values)
        {
            Judge(entry, now);
            if (now - entry.SilentSince >= _options.ExpireAfter)
            {
                (expired ??= []).Add(entry);
            }
        }

        foreach (Entry entry in expired ?? [])
        {
            Remove(entry);
        }
    }

    /// <summary>Forgets a member that an operator took out. An older boot of it stays refused. False if it is not known.</summary>
    public bool Forget(NodeId node)
    {
        if (!_entries.TryGetValue(node, out Entry? entry))
        {
            return false;
        }

        Remove(entry);
        return true;
    }

    /// <summary>Everybody, as of now.</summary>
    public MemberSnapshot Snapshot(TimeSpan now)
    {
        now = Advance(now);
        var members = new ObservedMember[_entries.Count + 1];
        int count = 0;
        foreach (Entry entry in _entries.Values)
        {
            members[count++] = new ObservedMember(entry.Record, StateOf(entry, now), entry.KnownSince, entry.FirstHeard, entry.LastHeard);
        }

        members[count] = new ObservedMember(_own, MemberState.Alive, _startedAt, _startedAt, now);
        Array.Sort(members, static (left, right) => left.Node.CompareTo(right.Node));
        return new MemberSnapshot(_self, now, members);
    }

    /// <summary>What this node tells another of third ones: the healthy, whom it has heard itself.</summary>
    public IReadOnlyList<MemberRecord> ToTell(NodeId? asker, TimeSpan now)
    {
        now = Advance(now);
        var told = new List<MemberRecord>();
        foreach (Entry entry in _entries.Values)
        {
            if (entry.Record.Node != asker && StateOf(entry, now) is MemberState.Alive or MemberState.Suspect)
            {
                told.Add(entry.Record);
            }
        }

        return told;
    }

    /// <summary>Everybody else, for the heartbeats.</summary>
    public IReadOnlyList<MemberRecord> ToProbe() => [.. _entries.Values.Select(static entry => entry.Record)];

    /// <summary>What is known of another member; null if nothing is.</summary>
    public MemberRecord? Find(NodeId node) => _entries.TryGetValue(node, out Entry? entry) ? entry.Record : null;

    /// <summary>Hands out what has happened since the last call, in order. Call after each other call: they wait here without a bound of their own.</summary>
    public IReadOnlyList<MemberEvent> TakeEvents()
    {
        if (_events.Count == 0)
        {
            return [];
        }

        MemberEvent[] taken = [.. _events];
        _events.Clear();
        return taken;
    }

    private TimeSpan Advance(TimeSpan now)
    {
        // Callers read their clock before they come to the table, so their moments may come in another order.
        _latest = now > _latest ? now : _latest;
        return _latest;
    }

    private Admission Believe(MemberRecord record, Source source, TimeSpan now)
    {
        record.Validate();
        if (record.Node == _self)
        {
            return BelieveOfSelf(record);
        }

        return _entries.TryGetValue(record.Node, out Entry? entry) ? Merge(entry, record, source, now) : Add(record, source, now);
    }

    private Admission BelieveOfSelf(MemberRecord record)
    {
        if (record.IsSameProcess(_own) || record.Epoch < _own.Epoch)
        {
            return record.Epoch < _own.Epoch ? Stale(record, _own.Epoch) : Welcome(_own.Epoch);
        }

        Admission admission = record.Epoch > _own.Epoch
            ? new Admission(
                AdmissionVerdict.Fenced, record.Epoch, $"node {_self.Value} runs in epoch {record.Epoch} at {record.Address}, this process is of epoch {_own.Epoch}")
            : Rival(record, _own);
        BeFenced(record, admission.Reason);
        return admission;
    }

    private void BeFenced(MemberRecord rival, string reason)
    {
        if (FencedBecause is null)
        {
            FencedBecause = reason;
            Emit(MemberEventKind.SelfFenced, rival, reason);
        }
    }

    private Admission Merge(Entry entry, MemberRecord record, Source source, TimeSpan now)
    {
        MemberRecord known = entry.Record;
        if (record.Epoch < known.Epoch)
        {
            return Refuse(entry, record, Stale(record, known.Epoch), source);
        }

        if (record.Epoch == known.Epoch && !record.IsSameProcess(known))
        {
            if (source != Source.Answer || entry.LastHeard is not null)
            {
                return Refuse(entry, record, Rival(record, known), source);
            }

            // Nobody has heard the other one: whoever answers first holds the identity.
            Emit(MemberEventKind.Fenced, known, Rival(known, record).Reason);
            Replace(entry, record, now);
        }
        else if (record.Epoch > known.Epoch)
        {
            Replace(entry, record, now);
        }
        else if (record.Revision > known.Revision)
        {
            entry.Record = record;
            Emit(MemberEventKind.Updated, record);
        }

        return Welcome(record.Epoch);
    }

    private void Replace(Entry entry, MemberRecord record, TimeSpan now)
    {
        bool moved = entry.Record.Address != record.Address || entry.Record.DiscoveryAddress != record.DiscoveryAddress;
        entry.Record = record;
        entry.KnownSince = now;
        entry.FirstHeard = null;
        entry.LastHeard = null;
        entry.Told = MemberState.Unheard;
        entry.ReportedRival = null;
        Emit(moved ? MemberEventKind.AddressChanged : MemberEventKind.Restarted, record);
    }

    private Admission Add(MemberRecord record, Source source, TimeSpan now)
    {
        if (_fences.TryGetValue(record.Node, out Fence? fence) && record.Epoch < fence.Epoch)
        {
            Admission stale = Stale(record, fence.Epoch);
            if (source != Source.Hearsay && (fence.ReportedRival is null || !fence.ReportedRival.IsSameProcess(record)))
            {
                fence.ReportedRival = record;
                Emit(MemberEventKind.Fenced, record, stale.Reason);
            }

            return stale;
        }

        if (Count >= _options.MembersMax && !TryMakeRoom(source, now))
        {
            return new Admission(AdmissionVerdict.Full, record.Epoch, $"{_options.MembersMax} members are known already: raise MembersMax, or take out who is gone");
        }

        _fences.Remove(record.Node);
        _entries.Add(record.Node, new Entry(record, now));
        Emit(MemberEventKind.Joined, record);
        return Welcome(record.Epoch);
    }

    /// <summary>Who speaks for itself takes the place of the one that is silent for longest, if there is one.</summary>
    private bool TryMakeRoom(Source source, TimeSpan now)
    {
        Entry? silent = null;
        foreach (Entry entry in _entries.Values)
        {
            bool isGone = StateOf(entry, now) is MemberState.Unheard or MemberState.Dead;
            if (isGone && (silent is null || entry.SilentSince < silent.SilentSince))
            {
                silent = entry;
            }
        }

        if (source == Source.Hearsay || silent is null)
        {
            return false;
        }

        Remove(silent);
        return true;
    }

    private void Remove(Entry entry)
    {
        _entries.Remove(entry.Record.Node);
        if (_fences.Count >= _options.FencesMax)
        {
            NodeId oldest = _fences.MinBy(static fence => fence.Value.Number).Key;
            _fences.Remove(oldest);
        }

        _fences[entry.Record.Node] = new Fence(entry.Record.Epoch, ++_fencesMade);
        Emit(MemberEventKind.Removed, entry.Record);
    }

    private Admission Refuse(Entry entry, MemberRecord record, Admission refusal, Source source)
    {
        // Old news about a member is what hearsay mostly is; what matters is a process that claims to be it.
        bool matters = source != Source.Hearsay || refusal.Verdict == AdmissionVerdict.Conflict;
        if (matters && (entry.ReportedRival is null || !entry.ReportedRival.IsSameProcess(record)))
        {
            entry.ReportedRival = record;
            Emit(MemberEventKind.Fenced, record, refusal.Reason);
        }

        return refusal;
    }

    private void Judge(Entry entry, TimeSpan now)
    {
        MemberState state = StateOf(entry, now);
        if (state == entry.Told)
        {
            return;
        }

        entry.Told = state;
        Invariant.Check(state != MemberState.Unheard, "who was heard in an epoch stays heard in it");
        Emit(
            state switch
            {
                MemberState.Alive => MemberEventKind.Alive,
                MemberState.Suspect => MemberEventKind.Suspect,
                _ => MemberEventKind.Dead,
            },
            entry.Record);
    }

    private MemberState StateOf(Entry entry, TimeSpan now)
    {
        if (entry.LastHeard is not { } heard)
        {
            return MemberState.Unheard;
        }

        TimeSpan silence = now - heard;
        return silence >= _options.FailureAfter ? MemberState.Dead
            : silence >= _options.HeartbeatInterval * _options.SuspectAfterMissed ? MemberState.Suspect
            : MemberState.Alive;
    }

    private void Emit(MemberEventKind kind, MemberRecord record, string reason = "") => _events.Add(new MemberEvent(kind, record, reason));
}
