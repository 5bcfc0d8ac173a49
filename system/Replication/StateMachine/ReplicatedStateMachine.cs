// What the log means: each committed entry is applied here, in order, once, on every replica, with the same result. It owns the tree with the graph and the
// client sessions. The log of consensus is the tree's log: an entry becomes one batch whose sequence number is the entry's index, and after a restart the
// node applies again what the tables do not hold yet. A payload that is not a command is answered with the same error everywhere.
//
// Concurrency model: one owner (the node's event loop) applies, asks and installs; frozen states are read, and received ones are staged, by other tasks at the
// same time. Fault model: an exception of the tree out of ApplyAsync or InstallAsync leaves an unknown state in memory, so the process must end.

using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using SimGraph.Cluster.Consensus;
using SimGraph.Runtime;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;

namespace SimGraph.Replication.StateMachine;

/// <summary>The graph and the session table as a deterministic function of the log.</summary>
public sealed class ReplicatedStateMachine
{
    private const long MembershipSeed = 4;

    private readonly StateMachineOptions _options;
    private readonly IProbes _probes;
    private readonly LsmTree _tree;
    private readonly WriteBatch _batch = new();
    private readonly ArrayBufferWriter<byte> _scratch = new();
    private readonly byte[] _staleRequest;
    private readonly byte[] _sessionExpired;
    private readonly byte[] _malformed;
    private UInt128 _membershipDigest;
    private GraphStore _graph;
    private SessionTable _sessions;

    private ReplicatedStateMachine(StateMachineOptions options, IProbes probes, LsmTree tree)
    {
        _options = options;
        _probes = probes;
        _tree = tree;
        _graph = new GraphStore(tree, probes);
        _sessions = new SessionTable(options.SessionsMax);
        _staleRequest = Encoded(ClientResult.StaleRequest);
        _sessionExpired = Encoded(ClientResult.SessionExpired);
        _malformed = Encoded(ClientResult.Malformed);
    }

    /// <summary>Index of the last entry that was applied; 0 before the first.</summary>
    public ulong AppliedIndex => _tree.LastSequence;

    /// <summary>Term of that entry.</summary>
    public ulong AppliedTerm { get; private set; }

    /// <summary>The last applied entry.</summary>
    public LogPosition Applied => new(AppliedIndex, AppliedTerm);

    /// <summary>Index of the last entry that needs no log any more: a restart finds it in the tables.</summary>
    public ulong DurableIndex => _tree.DurableSequence;

    /// <summary>The graph. Changed through <see cref="ApplyAsync"/> only; <see cref="InstallAsync"/> puts another in its place.</summary>
    public GraphStore Graph => _graph;

    /// <summary>Open sessions.</summary>
    public int SessionCount => _sessions.Count;

    /// <summary>Whether a request of a session would be applied, if it came now.</summary>
    internal bool Expects(ulong session, ulong request) => _sessions.Find(session) is { } open && request > open.LastRequest;

    /// <summary>The membership of the last applied entry that held one; null before the first.</summary>
    public Membership? Membership { get; private set; }

    /// <summary>Hash of graph, sessions and membership, free to read: replicas with the same <see cref="AppliedIndex"/> have the same one.</summary>
    public UInt128 Digest => unchecked(_graph.Digest + _sessions.Digest + _membershipDigest);

    /// <summary>Opens the state that the disk holds, an empty one at first.</summary>
    /// <param name="platform">Everything outside.</param>
    /// <param name="owner">Owns the tree's tasks.</param>
    /// <param name="options">Validated here.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    /// <exception cref="LsmException">The tree is damaged, or the disk failed.</exception>
    /// <exception cref="Runtime.Disk.DiskException">The disk failed while the state was read.</exception>
    /// <exception cref="FormatException">The tree holds something else.</exception>
    public static async Task<ReplicatedStateMachine> OpenAsync(
        IPlatform platform, TaskScope owner, StateMachineOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        LsmTree tree = await LsmTree.OpenAsync(platform, owner, options.Tree, cancellationToken);
        try
        {
            var machine = new ReplicatedStateMachine(options, platform.Probes, tree);
            await machine.LoadAsync(cancellationToken);
            return machine;
        }
        catch
        {
            await AbandonAsync(tree);
            throw;
        }
    }

    /// <summary>Applies the next committed entry.</summary>
    /// <returns>The encoded <see cref="ClientResult"/> of a command; empty for other kinds of entries.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> ApplyAsync(LogEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Invariant.Check(entry.Index == AppliedIndex + 1, "log entries are applied in order, each once");
        Invariant.Check(entry.Term >= AppliedTerm, "terms never fall along the log");
        _batch.Clear();
        ReadOnlyMemory<byte> result = entry.Kind == LogEntryKind.Command ? await PrepareAsync(entry, cancellationToken) : default;
        if (entry.Kind == LogEntryKind.Membership)
        {
            _batch.Put(StateKeys.Membership.Span, entry.Payload.Span);
            SetMembership(entry.Payload.Span);
        }

        if (entry.Term != AppliedTerm || _batch.Count == 0)
        {
            PutTerm(entry.Term);
        }

        await _tree.ApplyAsync(_batch, entry.Index, cancellationToken);
        _graph.Applied();
        AppliedTerm = entry.Term;
        return result;
    }

    /// <summary>Answers an encoded <see cref="GraphQuery"/> from the state as it is; garbage is answered with <see cref="FailedAnswer"/>.</summary>
    /// <returns>The encoded <see cref="GraphAnswer"/>.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> AskAsync(ReadOnlyMemory<byte> query, CancellationToken cancellationToken)
    {
        GraphAnswer answer;
        try
        {
            answer = await _graph.AskAsync(GraphQuery.Decode(query.Span), at: null, cancellationToken);
        }
        catch (FormatException)
        {
            answer = new FailedAnswer(GraphError.Malformed);
        }

        _scratch.ResetWrittenCount();
        answer.Encode(_scratch);
        return _scratch.WrittenSpan.ToArray();
    }

    /// <summary>Brings everything that is applied now into tables: afterwards <see cref="DurableIndex"/> is at least what <see cref="AppliedIndex"/> was.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken) => await _tree.FlushAsync(cancellationToken);

    /// <summary>Throws if the disk under the state has failed for good: only a restart helps.</summary>
    /// <exception cref="LsmFailedException">What failed.</exception>
    public void ThrowIfFailed() => _tree.ThrowIfFailed();

    /// <summary>Compares the graph with itself and its digest with a scan of everything. Reads the whole state.</summary>
    public async Task<GraphVerification> VerifyAsync(CancellationToken cancellationToken) => await _graph.VerifyAsync(cancellationToken);

    /// <summary>Ends the tree's work and closes its files; does not flush. Idempotent.</summary>
    public async Task StopAsync() => await _tree.StopAsync();

    /// <summary>The state as it is now, to be sent to a follower.</summary>
    internal FrozenState Freeze()
    {
        LsmSnapshot pinned = _tree.TakeSnapshot();
        Invariant.Check(pinned.Sequence == AppliedIndex, "what is frozen is what is applied");
        return new FrozenState(Applied, Membership, _tree, pinned);
    }

    /// <summary>Makes room for a state that a leader sends. May be called by any task.</summary>
    internal StagedState BeginReceive(LogPosition position, long bytesMax) => new(position, _tree.BeginReplacement(position.Index), bytesMax);

    /// <summary>Replaces the whole state by a received one; durable when it returns.</summary>
    /// <exception cref="LsmException">The tree failed: which state a restart finds is unknown.</exception>
    /// <exception cref="Runtime.Disk.DiskException">The disk failed while the new state was read; a restart finds that one.</exception>
    /// <exception cref="FormatException">It is not a state of this program with these options; a restart finds it all the same.</exception>
    internal async Task InstallAsync(StagedState staged, CancellationToken cancellationToken)
    {
        Invariant.Check(staged.IsComplete, "only a whole state is installed");
        Invariant.Check(staged.Position.Index > AppliedIndex, "an installed state is newer than what it replaces");
        await _tree.ReplaceAsync(staged.Replacement, cancellationToken);
        _graph = new GraphStore(_tree, _probes);
        await LoadAsync(cancellationToken);
        Invariant.Check(Applied == staged.Position, "an installed state is of the position that it was announced for");
    }

    private static async Task AbandonAsync(LsmTree tree)
    {
        try
        {
            await tree.StopAsync();
        }
        catch (StopTimeoutException)
        {
            // The owner's stop waits for what a disk that hangs holds up; why the state could not be opened says more.
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        LsmValue term = await _tree.GetAsync(StateKeys.Applied, at: null, cancellationToken);
        AppliedTerm = term.Found ? BinaryPrimitives.ReadUInt64LittleEndian(term.Value.Span) : 0;
        LsmValue membership = await _tree.GetAsync(StateKeys.Membership, at: null, cancellationToken);
        Membership = null;
        _membershipDigest = 0;
        if (membership.Found)
        {
            SetMembership(membership.Value.Span);
        }

        await _graph.LoadAsync(cancellationToken);
        _sessions = await SessionTable.LoadAsync(_tree, _options.SessionsMax, AppliedIndex, cancellationToken);
    }

    private void SetMembership(ReadOnlySpan<byte> encoded)
    {
        Membership = Membership.Decode(encoded);
        _membershipDigest = XxHash128.HashToUInt128(encoded, MembershipSeed);
    }

    private void PutTerm(ulong term)
    {
        Span<byte> value = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(value, term);
        _batch.Put(StateKeys.Applied.Span, value);
    }

    private async ValueTask<ReadOnlyMemory<byte>> PrepareAsync(LogEntry entry, CancellationToken cancellationToken)
    {
        ClientCommand command;
        try
        {
            command = ClientCommand.Decode(entry.Payload);
        }
        catch (FormatException)
        {
            _probes.Reachable("session.malformed-command");
            return _malformed;
        }

        if (command.Kind == ClientCommandKind.Write)
        {
            return await WriteAsync(command, entry.Index, cancellationToken);
        }

        if (_sessions.Open(entry.Index, _batch))
        {
            _probes.Reachable("session.evicted");
        }

        return Encoded(ClientResult.SessionOpened(entry.Index));
    }

    private async ValueTask<ReadOnlyMemory<byte>> WriteAsync(ClientCommand command, ulong index, CancellationToken cancellationToken)
    {
        ClientSession? session = _sessions.Find(command.Session);
        if (session is null)
        {
            return _sessionExpired;
        }

        if (command.Request <= session.LastRequest)
        {
            _probes.Reachable("session.duplicate-request");
            _sessions.Touch(session, index, _batch);
            return command.Request == session.LastRequest ? session.LastResult : _staleRequest;
        }

        byte[] result = await PrepareGraphAsync(command.GraphCommand, index, cancellationToken);
        _sessions.Record(session, index, command.Request, result, _batch);
        return result;
    }

    private async ValueTask<byte[]> PrepareGraphAsync(ReadOnlyMemory<byte> encoded, ulong index, CancellationToken cancellationToken)
    {
        GraphCommand command;
        try
        {
            command = GraphCommand.Decode(encoded.Span, _graph.Names);
        }
        catch (FormatException)
        {
            _probes.Reachable("session.malformed-command");
            return _malformed;
        }

        return Encoded(ClientResult.Answered(await _graph.PrepareAsync(command, index, _batch, cancellationToken)));
    }

    private byte[] Encoded(ClientResult result)
    {
        _scratch.ResetWrittenCount();
        result.Encode(_scratch);
        return _scratch.WrittenSpan.ToArray();
    }
}
