// One member of a toy cluster: a core, and the disk that it would have. A crash loses the core and keeps what was persisted; work in progress
// (a Ready that was taken) is carried out in stages, so that a crash, a message or a tick can come between any two of them.

using System.Collections.Immutable;
using SimGraph.Cluster.Consensus;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Log;

namespace SimGraph.Tests.Cluster;

internal sealed class ToyNode(NodeId id)
{
    private readonly List<LogEntry> _disk = [];
    private readonly Dictionary<LogPosition, Membership?> _offered = [];
    private Membership? _snapshotMembership;

    public NodeId Id { get; } = id;

    public ConsensusCore? Core { get; private set; }

    public Ready? Taken { get; private set; }

    public int Stage { get; set; }

    public HardState DurableHard { get; private set; }

    /// <summary>The newest durable snapshot.</summary>
    public LogPosition Snapshot { get; private set; }

    public ulong AppliedIndex { get; private set; }

    /// <summary>The membership as of <see cref="AppliedIndex"/>; null if none was applied.</summary>
    public Membership? AppliedMembership { get; private set; }

    /// <summary>The membership as of <see cref="Snapshot"/>.</summary>
    public Membership? SnapshotMembership => _snapshotMembership;

    /// <summary>What its clock shows, in lengths of a tick.</summary>
    public double Clock { get; set; }

    /// <summary>Highest commit index that was checked in this life.</summary>
    public ulong SeenCommit { get; set; }

    public ulong SeenTerm { get; set; }

    public ulong SeenLeadingTerm { get; set; }

    public ulong CompactedTo { get; private set; }

    /// <summary>Context of each unanswered read, with the commit index that it must not be older than.</summary>
    public SortedDictionary<ulong, ulong> PendingReads { get; } = [];

    /// <summary>The log as handed out, durable or not.</summary>
    public List<LogEntry> Handed { get; } = [];

    public ulong DurableLastIndex => _disk.Count > 0 ? _disk[^1].Index : Snapshot.Index;

    public void Start(ConsensusOptions options, Random jitter, IProbes probes)
    {
        // What a recovery does: the snapshot wins over a log that does not hold its position.
        if (CompactedTo != Snapshot.Index && !_disk.Exists(e => e.Index == Snapshot.Index && e.Term == Snapshot.Term))
        {
            _disk.Clear();
        }

        _disk.RemoveAll(e => e.Index <= Snapshot.Index);
        CompactedTo = Snapshot.Index;
        Handed.Clear();
        Handed.AddRange(_disk);
        AppliedIndex = Snapshot.Index;
        AppliedMembership = _snapshotMembership;
        SeenCommit = Snapshot.Index;
        SeenTerm = DurableHard.Term;
        Core = new ConsensusCore(
            options, new ConsensusState { Hard = DurableHard, Start = Snapshot, Membership = _snapshotMembership, Entries = _disk.ToImmutableArray() }, jitter, probes);
    }

    /// <summary>A message arrives.</summary>
    public void Receive(ConsensusMessage message)
    {
        if (Core is not null && message.Kind == MessageKind.InstallSnapshot)
        {
            _offered[message.Snapshot] = message.SnapshotMembership;
        }

        Core?.Step(message);
    }

    /// <summary>Lets the core see the clock.</summary>
    public void ShowClock() => Core?.ObserveClock((ulong)Clock + 1);

    /// <summary>Applies an entry.</summary>
    public void Apply(LogEntry entry)
    {
        AppliedIndex = entry.Index;
        if (entry.Kind == LogEntryKind.Membership)
        {
            AppliedMembership = Membership.Decode(entry.Payload.Span);
        }
    }

    /// <summary>Gives a node that was not started yet a past.</summary>
    public void Seed(HardState hard, IEnumerable<LogEntry> entries)
    {
        DurableHard = hard;
        _disk.AddRange(entries);
    }

    public void Crash()
    {
        Core = null;
        _offered.Clear();
        Taken = null;
        Stage = 0;
        PendingReads.Clear();
    }

    public Ready Take()
    {
        Taken = Core!.TakeReady();
        Stage = 1;
        if (Taken.Snapshot is not null)
        {
            Handed.Clear();
        }

        for (int i = 0; i < Taken.Entries.Count; i++)
        {
            Overwrite(Handed, Taken.Entries[i]);
        }

        return Taken;
    }

    /// <summary>Writes the taken Ready to the disk, or on a crash only the first <paramref name="pieces"/> pieces of it.</summary>
    public void Persist(int pieces = int.MaxValue)
    {
        Ready ready = Taken!;
        if (ready.Snapshot is { } snapshot && pieces-- > 0)
        {
            Snapshot = snapshot;
            _snapshotMembership = _offered[snapshot];
        }

        if (ready.Hard is { } hard && pieces-- > 0)
        {
            DurableHard = hard;
        }

        if (ready.Snapshot is { } start && pieces-- > 0)
        {
            _disk.Clear();
            CompactedTo = start.Index;
            AppliedIndex = start.Index;
            AppliedMembership = _snapshotMembership;
        }

        for (int i = 0; i < ready.Entries.Count && pieces-- > 0; i++)
        {
            Overwrite(_disk, ready.Entries[i]);
        }
    }

    public void Finish()
    {
        Ready ready = Taken!;
        Taken = null;
        Stage = 0;
        Core!.Advance(ready);
    }

    /// <summary>Takes a durable snapshot at the applied index and compacts the log, leaving a tail.</summary>
    public void TakeSnapshot(ulong appliedTerm, ulong tail)
    {
        Snapshot = new LogPosition(AppliedIndex, appliedTerm);
        _snapshotMembership = AppliedMembership;
        ulong target = AppliedIndex > tail ? AppliedIndex - tail : 0;
        LogEntry? entry = _disk.Find(e => e.Index == target);
        if (entry is not null)
        {
            CompactedTo = target;
            Core!.CompactTo(new LogPosition(entry.Index, entry.Term));
            _disk.RemoveAll(e => e.Index <= target);
            Handed.RemoveAll(e => e.Index <= target);
        }
    }

    public bool IsDurable(ulong index, ulong term) =>
        index <= CompactedTo || index <= Snapshot.Index || _disk.Exists(e => e.Index == index && e.Term == term);

    public LogEntry? HandedAt(ulong index) =>
        Handed.Count > 0 && index >= Handed[0].Index && index <= Handed[^1].Index ? Handed[(int)(index - Handed[0].Index)] : null;

    private static void Overwrite(List<LogEntry> log, LogEntry entry)
    {
        if (log.Count > 0 && entry.Index <= log[^1].Index)
        {
            int keep = Math.Max(0, (int)((long)entry.Index - (long)log[0].Index));
            log.RemoveRange(keep, log.Count - keep);
        }

        log.Add(entry);
    }

    /// <summary>The message with the snapshot that this node would send.</summary>
    public ConsensusMessage WithSnapshot(ConsensusMessage message) => new()
    {
        Kind = message.Kind,
        From = message.From,
        To = message.To,
        Term = message.Term,
        Snapshot = Snapshot,
        SnapshotMembership = SnapshotMembership,
    };
}
