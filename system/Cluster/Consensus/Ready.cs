// What the core wants done. The owner, in this order: installs Snapshot, makes Hard and Entries durable (one batch), sends Messages, applies
// Committed, answers Reads and FailedReads, calls Advance. Sending before the durable write breaks the protocol: votes and acknowledgements
// in Messages promise what is in Hard, Entries and Snapshot. (Dissertation section 3.8: persistent state and server restarts.)
//
// The object and its lists are reused: nothing in it may be touched after Advance. The messages and entries inside may be kept.

using SimGraph.Storage.Log;

namespace SimGraph.Cluster.Consensus;

/// <summary>One batch of work for the owner of a <see cref="ConsensusCore"/>.</summary>
public sealed class Ready
{
    internal Ready()
    {
    }

    /// <summary>Term and vote to make durable, when they changed.</summary>
    public HardState? Hard { get; internal set; }

    /// <summary>A snapshot that replaces the state machine and the whole log: the bytes came with an InstallSnapshot that was stepped.</summary>
    public LogPosition? Snapshot { get; internal set; }

    /// <summary>Entries to make durable; contiguous. They overwrite what the log holds at the same and at later indexes.</summary>
    public IReadOnlyList<LogEntry> Entries => EntryList;

    /// <summary>To send once the above is durable. Losing one is allowed.</summary>
    public IReadOnlyList<ConsensusMessage> Messages => MessageList;

    /// <summary>To apply, in order. Each entry is handed out once in the life of a core, and is durable here already.</summary>
    public IReadOnlyList<LogEntry> Committed => CommittedList;

    /// <summary>Reads that may be answered once their index is applied.</summary>
    public IReadOnlyList<ReadConfirmation> Reads => ReadList;

    /// <summary>Contexts of reads that this node can no longer confirm, because it stopped to lead.</summary>
    public IReadOnlyList<ulong> FailedReads => FailedReadList;

    internal List<LogEntry> EntryList { get; } = [];

    internal List<ConsensusMessage> MessageList { get; set; } = [];

    internal List<LogEntry> CommittedList { get; } = [];

    internal List<ReadConfirmation> ReadList { get; } = [];

    internal List<ulong> FailedReadList { get; } = [];

    internal void Clear()
    {
        Hard = null;
        Snapshot = null;
        EntryList.Clear();
        MessageList.Clear();
        CommittedList.Clear();
        ReadList.Clear();
        FailedReadList.Clear();
    }
}
