// What the log means: each committed entry is applied here, in order, once, on every replica, with the same result. It owns the graph and the
// client sessions. One owner (the node's event loop) calls it; no I/O, no time, no tasks. A payload that is not a command is answered with the
// same error everywhere; only a broken invariant throws out of Apply, and that stops the process.
//
// Snapshot: magic u32, version u16, applied index u64 and term u64, sessions, graph; canonical, so that replicas with equal logs have equal bytes.

using System.Buffers;
using SimGraph.Runtime;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.StateMachine;

/// <summary>The graph and the session table as a deterministic function of the log. Not thread-safe.</summary>
public sealed class ReplicatedStateMachine
{
    private const uint Magic = 0x31534753;
    private const ushort Version = 1;

    private readonly StateMachineOptions _options;
    private readonly IProbes _probes;
    private readonly ArrayBufferWriter<byte> _scratch = new();
    private readonly byte[] _staleRequest;
    private readonly byte[] _sessionExpired;
    private readonly byte[] _malformed;
    private GraphState _graph;
    private SessionTable _sessions;

    /// <summary>The state before the first log entry.</summary>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public ReplicatedStateMachine(StateMachineOptions options, IProbes probes)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(probes);
        options.Validate();
        _options = options;
        _probes = probes;
        _graph = new GraphState(probes);
        _sessions = new SessionTable(options.SessionsMax);
        _staleRequest = Encoded(ClientResult.StaleRequest);
        _sessionExpired = Encoded(ClientResult.SessionExpired);
        _malformed = Encoded(ClientResult.Malformed);
    }

    /// <summary>Index of the last entry that was applied; 0 before the first.</summary>
    public ulong AppliedIndex { get; private set; }

    /// <summary>Term of that entry.</summary>
    public ulong AppliedTerm { get; private set; }

    /// <summary>The graph. Changed through <see cref="Apply"/> only; <see cref="Restore"/> puts another in its place.</summary>
    public GraphState Graph => _graph;

    /// <summary>Open sessions.</summary>
    public int SessionCount => _sessions.Count;

    /// <summary>
    /// Hash of graph and sessions, free to read: replicas with the same <see cref="AppliedIndex"/> have the same one.
    /// </summary>
    public UInt128 Digest => unchecked(_graph.Digest + _sessions.Digest);

    /// <summary>XxHash3 of the snapshot's bytes; walks the whole state. <see cref="Digest"/> is the cheap one.</summary>
    public ulong Hash
    {
        get
        {
            HashingBuffer buffer = new();
            WriteSnapshot(buffer);
            return buffer.Hash;
        }
    }

    /// <summary>Applies the next committed entry.</summary>
    /// <returns>The encoded <see cref="ClientResult"/> of a command; empty for other kinds of entries.</returns>
    public ReadOnlyMemory<byte> Apply(LogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Invariant.Check(entry.Index == AppliedIndex + 1, "log entries are applied in order, each once");
        Invariant.Check(entry.Term >= AppliedTerm, "terms never fall along the log");
        ReadOnlyMemory<byte> result = entry.Kind == LogEntryKind.Command ? ApplyCommand(entry) : default;
        AppliedIndex = entry.Index;
        AppliedTerm = entry.Term;
        return result;
    }

    /// <summary>Answers an encoded <see cref="GraphQuery"/> from the state as it is; garbage is answered with <see cref="FailedAnswer"/>.</summary>
    /// <returns>The encoded <see cref="GraphAnswer"/>.</returns>
    public ReadOnlyMemory<byte> Ask(ReadOnlySpan<byte> query)
    {
        GraphAnswer answer;
        try
        {
            answer = _graph.Ask(GraphQuery.Decode(query));
        }
        catch (FormatException)
        {
            answer = new FailedAnswer(GraphError.Malformed);
        }

        _scratch.ResetWrittenCount();
        answer.Encode(_scratch);
        return _scratch.WrittenSpan.ToArray();
    }

    /// <summary>The whole state, as canonical bytes.</summary>
    public byte[] TakeSnapshot()
    {
        ArrayBufferWriter<byte> buffer = new();
        WriteSnapshot(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Replaces the whole state; when it throws, the state is as before.</summary>
    /// <param name="snapshot">Bytes of <see cref="TakeSnapshot"/>.</param>
    /// <param name="position">Where in the log they were taken, as the snapshot store knows it.</param>
    /// <exception cref="FormatException">The bytes are not a snapshot, or not one of that position.</exception>
    public void Restore(ReadOnlySpan<byte> snapshot, LogPosition position)
    {
        CanonicalReader reader = new(snapshot, names: null);
        if (reader.ReadUInt32() != Magic)
        {
            reader.Fail("it is not a snapshot of the state machine");
        }

        if (reader.ReadUInt16() != Version)
        {
            reader.Fail("the version of the snapshot is unknown");
        }

        LogPosition applied = new(reader.ReadUInt64(), reader.ReadUInt64());
        if (applied != position)
        {
            reader.Fail($"the snapshot was taken at {applied}, not at {position}");
        }

        SessionTable sessions = new(_options.SessionsMax);
        sessions.Read(ref reader, applied.Index);
        GraphState graph = GraphState.Read(reader.ReadRaw(reader.Remaining), applied.Index, _probes);
        _sessions = sessions;
        _graph = graph;
        AppliedIndex = applied.Index;
        AppliedTerm = applied.Term;
    }

    private ReadOnlyMemory<byte> ApplyCommand(LogEntry entry)
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
            return Write(command, entry.Index);
        }

        if (_sessions.Open(entry.Index))
        {
            _probes.Reachable("session.evicted");
        }

        return Encoded(ClientResult.SessionOpened(entry.Index));
    }

    private ReadOnlyMemory<byte> Write(ClientCommand command, ulong index)
    {
        ClientSession? session = _sessions.Find(command.Session);
        if (session is null)
        {
            return _sessionExpired;
        }

        if (command.Request <= session.LastRequest)
        {
            _probes.Reachable("session.duplicate-request");
            _sessions.Touch(session, index);
            return command.Request == session.LastRequest ? session.LastResult : _staleRequest;
        }

        byte[] result = ApplyToGraph(command.GraphCommand.Span, index);
        _sessions.Record(session, index, command.Request, result);
        return result;
    }

    private byte[] ApplyToGraph(ReadOnlySpan<byte> encoded, ulong index)
    {
        GraphCommand command;
        try
        {
            command = GraphCommand.Decode(encoded, _graph.Names);
        }
        catch (FormatException)
        {
            _probes.Reachable("session.malformed-command");
            return _malformed;
        }

        return Encoded(ClientResult.Answered(_graph.Apply(command, index)));
    }

    private byte[] Encoded(ClientResult result)
    {
        _scratch.ResetWrittenCount();
        result.Encode(_scratch);
        return _scratch.WrittenSpan.ToArray();
    }

    private void WriteSnapshot(IBufferWriter<byte> target)
    {
        CanonicalWriter writer = new(target);
        writer.WriteUInt32(Magic);
        writer.WriteUInt16(Version);
        writer.WriteUInt64(AppliedIndex);
        writer.WriteUInt64(AppliedTerm);
        _sessions.Write(ref writer);
        writer.Complete();
        _graph.WriteSnapshot(target);
    }
}
