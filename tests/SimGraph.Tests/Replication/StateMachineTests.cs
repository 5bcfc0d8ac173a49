using System.Buffers;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;
using SimGraph.Tests.Storage;
using Xunit;

namespace SimGraph.Tests.Replication;

public sealed class StateMachineTests
{
    private readonly GraphProbes _probes = new();
    private readonly ReplicatedStateMachine _machine;

    public StateMachineTests() => _machine = new ReplicatedStateMachine(new StateMachineOptions { SessionsMax = 3 }, _probes);

    [Fact]
    public void A_session_is_named_by_the_entry_that_opened_it()
    {
        Apply(_machine, LogEntryKind.NoOperation, default);
        ClientResult result = Open();
        Assert.Equal(ClientResultStatus.SessionOpened, result.Status);
        Assert.Equal(2UL, result.Session);
        Assert.Equal(1, _machine.SessionCount);
    }

    [Fact]
    public void A_repeated_request_is_applied_once_and_answered_the_same()
    {
        ulong session = Open().Session;
        ElementId node = Write(session, 1, CreateNode()).Outcome!.Results[0].Element;
        GraphCommand increment = new(new IncrementNodeProperty(node, "n", 1));
        ReadOnlyMemory<byte> first = Apply(_machine, WriteBytes(session, 2, increment));
        ReadOnlyMemory<byte> second = Apply(_machine, WriteBytes(session, 2, increment));
        Assert.Equal(first.ToArray(), second.ToArray());
        Assert.Equal(1, ClientResult.Decode(first.Span).Outcome!.Results[0].Value);
        Assert.Equal(1, Value(node, "n"));
        Assert.Equal(["session.duplicate-request"], _probes.Reached);
        Assert.Equal(2, Write(session, 3, increment).Outcome!.Results[0].Value);
    }

    [Fact]
    public void A_refused_command_is_remembered_as_refused()
    {
        ulong session = Open().Session;
        GraphCommand command = new(new IncrementNodeProperty(ElementId.Of(4, 0), "n", 1));
        Assert.Equal(GraphError.NoSuchNode, Write(session, 1, command).Outcome!.Error);
        Assert.Equal(GraphError.NoSuchNode, Write(session, 1, command).Outcome!.Error);
        Assert.Equal(ElementId.Of(4, 0), Write(session, 2, CreateNode()).Outcome!.Results[0].Element);
        Assert.Equal(ClientResult.StaleRequest, Write(session, 1, command));
        Assert.Null(((NodeAnswer)Ask(new GetNode(ElementId.Of(4, 0)))).Node!.Properties.Select(pair => pair.Key).FirstOrDefault());
    }

    [Fact]
    public void An_older_request_and_an_unknown_session_are_refused_without_effect()
    {
        ulong session = Open().Session;
        Write(session, 5, CreateNode());
        Assert.Equal(ClientResult.StaleRequest, Write(session, 4, CreateNode()));
        Assert.Equal(ClientResult.SessionExpired, Write(session + 1000, 1, CreateNode()));
        Assert.Equal(1, _machine.Graph.NodeCount);
    }

    [Fact]
    public void The_session_that_was_used_longest_ago_is_evicted()
    {
        ulong a = Open().Session;
        ulong b = Open().Session;
        ulong c = Open().Session;
        Write(a, 1, CreateNode());
        Write(a, 1, CreateNode());
        Write(b, 1, CreateNode());
        Assert.DoesNotContain("session.evicted", _probes.Reached);
        ulong d = Open().Session;
        Assert.Contains("session.evicted", _probes.Reached);
        Assert.Equal(3, _machine.SessionCount);
        Assert.Equal(ClientResultStatus.SessionExpired, Write(c, 1, CreateNode()).Status);
        Assert.Equal(ClientResultStatus.Answered, Write(d, 1, CreateNode()).Status);

        // The duplicate of an answered request counts as use.
        Write(a, 1, CreateNode());
        Open();
        Assert.Equal(ClientResultStatus.SessionExpired, Write(b, 2, CreateNode()).Status);
        Assert.Equal(ClientResultStatus.Answered, Write(a, 2, CreateNode()).Status);
    }

    [Fact]
    public void Garbage_is_answered_and_counts_as_applied()
    {
        ulong session = Open().Session;
        Assert.Equal(ClientResult.Malformed, ClientResult.Decode(Apply(_machine, new byte[] { 9, 9, 9 }).Span));
        Assert.Equal(ClientResult.Malformed, ClientResult.Decode(Apply(_machine, ReadOnlyMemory<byte>.Empty).Span));
        Assert.Equal(3UL, _machine.AppliedIndex);

        // Within a session the request number is used up, and a retry is told the same.
        byte[] garbage = GraphScript.Bytes(ClientCommand.Write(session, 1, new byte[] { 7 }).Encode);
        Assert.Equal(ClientResult.Malformed, ClientResult.Decode(Apply(_machine, garbage).Span));
        Assert.Equal(ClientResult.Malformed, Write(session, 1, CreateNode()));
        Assert.Equal(0, _machine.Graph.NodeCount);
        Assert.Equal(new FailedAnswer(GraphError.Malformed), GraphAnswer.Decode(_machine.Ask([1, 2, 3]).Span));
    }

    [Fact]
    public void An_entry_of_another_kind_only_advances_the_position()
    {
        UInt128 digest = _machine.Digest;
        Assert.True(Apply(_machine, LogEntryKind.NoOperation, default).IsEmpty);
        Assert.True(Apply(_machine, (LogEntryKind)200, new byte[] { 1 }).IsEmpty);
        Assert.Equal(2UL, _machine.AppliedIndex);
        Assert.Equal(1UL, _machine.AppliedTerm);
        Assert.Equal(digest, _machine.Digest);
    }

    [Fact]
    public void Entries_out_of_order_break_an_invariant()
    {
        Apply(_machine, LogEntryKind.NoOperation, default);
        Assert.Throws<InvariantViolationException>(() => _machine.Apply(new LogEntry(1, 1, LogEntryKind.NoOperation, default)));
        Assert.Throws<InvariantViolationException>(() => _machine.Apply(new LogEntry(3, 1, LogEntryKind.NoOperation, default)));
        Assert.Throws<InvariantViolationException>(() => _machine.Apply(new LogEntry(2, 0, LogEntryKind.NoOperation, default)));
    }

    [Fact]
    public void A_snapshot_of_another_position_or_with_damage_is_refused_and_changes_nothing()
    {
        ulong session = Open().Session;
        Write(session, 1, CreateNode());
        byte[] snapshot = _machine.TakeSnapshot();
        LogPosition position = new(_machine.AppliedIndex, _machine.AppliedTerm);
        ulong hash = _machine.Hash;
        Assert.Throws<FormatException>(() => _machine.Restore(snapshot, position with { Index = position.Index + 1 }));
        Assert.Throws<FormatException>(() => _machine.Restore(snapshot, position with { Term = position.Term + 1 }));
        Random random = new(20240611);
        int refused = 0;
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = [.. snapshot];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            ReplicatedStateMachine other = new(new StateMachineOptions { SessionsMax = 3 }, new NoProbes());
            try
            {
                other.Restore(damaged, position);
                Assert.Equal(damaged, other.TakeSnapshot());
            }
            catch (FormatException)
            {
                refused++;
                Assert.Equal(0UL, other.AppliedIndex);
                Assert.Equal(0, other.SessionCount);
            }
        }

        Assert.True(refused > 1000, $"{refused} of 2000");
        Assert.Equal(hash, _machine.Hash);
    }

    [Fact]
    public void A_snapshot_with_more_sessions_than_configured_is_refused()
    {
        Open();
        Open();
        ReplicatedStateMachine smaller = new(new StateMachineOptions { SessionsMax = 1 }, new NoProbes());
        FormatException refusal = Assert.Throws<FormatException>(() => smaller.Restore(_machine.TakeSnapshot(), new LogPosition(2, 1)));
        Assert.Contains("sessions", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ReplicatedStateMachine(new StateMachineOptions { SessionsMax = 0 }, new NoProbes()));
    }

    private static GraphCommand CreateNode() => new(new CreateNode(LabelSet.Of("L"), PropertyMap.Empty));

    private static byte[] WriteBytes(ulong session, ulong request, GraphCommand command) =>
        GraphScript.Bytes(ClientCommand.Write(session, request, GraphScript.Bytes(command.Encode)).Encode);

    private static ReadOnlyMemory<byte> Apply(ReplicatedStateMachine machine, ReadOnlyMemory<byte> command) =>
        Apply(machine, LogEntryKind.Command, command);

    private static ReadOnlyMemory<byte> Apply(ReplicatedStateMachine machine, LogEntryKind kind, ReadOnlyMemory<byte> payload) =>
        machine.Apply(new LogEntry(machine.AppliedIndex + 1, 1, kind, payload));

    private ClientResult Open() =>
        ClientResult.Decode(Apply(_machine, GraphScript.Bytes(ClientCommand.OpenSession.Encode)).Span);

    private ClientResult Write(ulong session, ulong request, GraphCommand command) =>
        ClientResult.Decode(Apply(_machine, WriteBytes(session, request, command)).Span);

    private GraphAnswer Ask(GraphQuery query) => GraphAnswer.Decode(_machine.Ask(GraphScript.Bytes(query.Encode)).Span);

    private long Value(ElementId node, string key)
    {
        Assert.True(((NodeAnswer)Ask(new GetNode(node))).Node!.Properties.TryGet(key, out PropertyValue value));
        return value.AsInt64();
    }
}
