using System.IO.Hashing;
using SimGraph.Replication.StateMachine;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;
using SimGraph.Tests.Storage;
using Xunit;

namespace SimGraph.Tests.Replication;

public sealed class StateMachineTests : IDisposable
{
    private readonly StateMachineUnderTest _machine = new(sessionsMax: 3);

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_session_is_named_by_the_entry_that_opened_it()
    {
        Apply(LogEntryKind.NoOperation, default);
        ClientResult result = Open();
        Assert.Equal(ClientResultStatus.SessionOpened, result.Status);
        Assert.Equal(2UL, result.Session);
        Assert.Equal(1, _machine.Machine.SessionCount);
    }

    [Fact]
    public void A_repeated_request_is_applied_once_and_answered_the_same()
    {
        ulong session = Open().Session;
        ElementId node = Write(session, 1, CreateNode()).Outcome!.Results[0].Element;
        GraphCommand increment = new(new IncrementNodeProperty(node, "n", 1));
        ReadOnlyMemory<byte> first = Apply(WriteBytes(session, 2, increment));
        ReadOnlyMemory<byte> second = Apply(WriteBytes(session, 2, increment));
        Assert.Equal(first.ToArray(), second.ToArray());
        Assert.Equal(1, ClientResult.Decode(first.Span).Outcome!.Results[0].Value);
        Assert.Equal(1, Value(node, "n"));
        Assert.True(_machine.Platform.WasReached("session.duplicate-request"));
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
        Assert.Equal(1, _machine.Machine.Graph.NodeCount);
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
        Assert.False(_machine.Platform.WasReached("session.evicted"));
        ulong d = Open().Session;
        Assert.True(_machine.Platform.WasReached("session.evicted"));
        Assert.Equal(3, _machine.Machine.SessionCount);
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
        Assert.Equal(ClientResult.Malformed, ClientResult.Decode(Apply(new byte[] { 9, 9, 9 }).Span));
        Assert.Equal(ClientResult.Malformed, ClientResult.Decode(Apply(ReadOnlyMemory<byte>.Empty).Span));
        Assert.Equal(3UL, _machine.Machine.AppliedIndex);

        // Within a session the request number is used up, and a retry is told the same.
        byte[] garbage = GraphScript.Bytes(ClientCommand.Write(session, 1, new byte[] { 7 }).Encode);
        Assert.Equal(ClientResult.Malformed, ClientResult.Decode(Apply(garbage).Span));
        Assert.Equal(ClientResult.Malformed, Write(session, 1, CreateNode()));
        Assert.Equal(0, _machine.Machine.Graph.NodeCount);
        Assert.Equal(new FailedAnswer(GraphError.Malformed), GraphAnswer.Decode(_machine.Ask(new byte[] { 1, 2, 3 }).Span));
    }

    [Fact]
    public void An_entry_of_another_kind_only_advances_the_position()
    {
        UInt128 digest = _machine.Machine.Digest;
        Assert.True(Apply(LogEntryKind.NoOperation, default).IsEmpty);
        Assert.True(Apply((LogEntryKind)200, new byte[] { 1 }).IsEmpty);
        Assert.Equal(2UL, _machine.Machine.AppliedIndex);
        Assert.Equal(1UL, _machine.Machine.AppliedTerm);
        Assert.Equal(digest, _machine.Machine.Digest);
    }

    [Fact]
    public void Entries_out_of_order_break_an_invariant()
    {
        Apply(LogEntryKind.NoOperation, default);
        Assert.Throws<InvariantViolationException>(() => _machine.Apply(new LogEntry(1, 1, LogEntryKind.NoOperation, default)));
        Assert.Throws<InvariantViolationException>(() => _machine.Apply(new LogEntry(3, 1, LogEntryKind.NoOperation, default)));
        Assert.Throws<InvariantViolationException>(() => _machine.Apply(new LogEntry(2, 0, LogEntryKind.NoOperation, default)));
    }

    [Fact]
    public async Task A_received_state_that_is_damaged_or_not_whole_is_refused_and_changes_nothing()
    {
        ulong session = Open().Session;
        Write(session, 1, CreateNode());
        byte[] content = _machine.Content();
        LogPosition position = _machine.Machine.Applied;
        using StateMachineUnderTest other = new(sessionsMax: 3);
        for (int length = 1; length < content.Length; length++)
        {
            StagedState staged = other.Machine.BeginReceive(position, content.Length);
            await Assert.ThrowsAsync<FormatException>(async () =>
            {
                await staged.AddAsync(content.AsMemory(0, length), TestContext.Current.CancellationToken);
                await staged.CompleteAsync((ulong)content.Length, XxHash3.HashToUInt64(content), TestContext.Current.CancellationToken);
            });
            await staged.AbandonAsync();
        }

        StagedState tooLong = other.Machine.BeginReceive(position, content.Length - 1);
        await Assert.ThrowsAsync<FormatException>(() => tooLong.AddAsync(content, TestContext.Current.CancellationToken).AsTask());
        await tooLong.AbandonAsync();
        StagedState justFits = other.Machine.BeginReceive(position, content.Length);
        await justFits.AddAsync(content, TestContext.Current.CancellationToken);
        await justFits.AbandonAsync();
        Assert.Equal(0UL, other.Machine.AppliedIndex);
        Assert.DoesNotContain(other.Files, path => path.EndsWith(".sst", StringComparison.Ordinal));
        await other.InstallAsync(position, content);
        Assert.Equal(_machine.Machine.Digest, other.Machine.Digest);
    }

    [Fact]
    public void The_largest_result_that_there_is_outlives_a_restart()
    {
        ulong session = Open().Session;
        ElementId node = Write(session, 1, CreateNode()).Outcome!.Results[0].Element;
        var largest = new GraphCommand([.. Enumerable.Repeat<GraphOperation>(new IncrementNodeProperty(node, "n", 1), GraphLimits.OperationsPerCommandMax)]);
        ClientResult result = Write(session, 2, largest);
        Assert.Equal(GraphLimits.OperationsPerCommandMax, result.Outcome!.Results[^1].Value);
        _machine.Restart();
        Assert.Equal(result, Write(session, 2, largest));
    }

    [Fact]
    public async Task A_stop_that_the_disk_holds_up_says_so_and_may_be_asked_again()
    {
        var disk = new MemoryDisk();
        var platform = new StoragePlatform(disk);
        await using var scope = new TaskScope(platform.Tasks, "machine");
        var options = new StateMachineOptions { SessionsMax = 3, Tree = new LsmOptions { Folder = "state", StopLimit = TimeSpan.FromMilliseconds(20) } };
        ReplicatedStateMachine machine = await ReplicatedStateMachine.OpenAsync(platform, scope, options, TestContext.Current.CancellationToken);
        await machine.ApplyAsync(new LogEntry(1, 1, LogEntryKind.Command, GraphScript.Bytes(ClientCommand.OpenSession.Encode)), TestContext.Current.CancellationToken);
        TaskCompletionSource gate = disk.FlushGate = MemoryDisk.NewSignal();
        Task flush = machine.FlushAsync(TestContext.Current.CancellationToken);
        await disk.FlushEntered.Task;
        await Assert.ThrowsAsync<StopTimeoutException>(machine.StopAsync);
        gate.SetResult();
        await scope.StopAsync();
        await machine.StopAsync();
        await Assert.ThrowsAsync<LsmClosedException>(() => flush);
        Assert.Equal(0, disk.OpenFiles);
    }

    [Fact]
    public async Task A_state_that_the_disk_does_not_take_is_not_taken_for_installed()
    {
        ulong session = Open().Session;
        Write(session, 1, CreateNode());
        byte[] content = _machine.Content();
        for (long call = 1; ; call++)
        {
            var disk = new MemoryDisk();
            var platform = new StoragePlatform(disk);
            await using var scope = new TaskScope(platform.Tasks, "machine");
            var options = new StateMachineOptions { SessionsMax = 3, Tree = new LsmOptions { Folder = "state" } };
            ReplicatedStateMachine machine = await ReplicatedStateMachine.OpenAsync(platform, scope, options, TestContext.Current.CancellationToken);
            StagedState staged = machine.BeginReceive(_machine.Machine.Applied, content.Length);
            await staged.AddAsync(content, TestContext.Current.CancellationToken);
            await staged.CompleteAsync((ulong)content.Length, XxHash3.HashToUInt64(content), TestContext.Current.CancellationToken);
            disk.FailAt = disk.Calls + call;
            Exception? failure = await Record.ExceptionAsync(() => machine.InstallAsync(staged, TestContext.Current.CancellationToken));
            if (failure is null && disk.Calls < disk.FailAt)
            {
                Assert.InRange(call, 2, 100);
                Assert.Equal(_machine.Machine.Digest, machine.Digest);
                await machine.StopAsync();
                return;
            }

            Assert.True(failure is LsmException or DiskException || (failure is null && machine.Digest == _machine.Machine.Digest), $"call {call}: {failure}");
            await machine.StopAsync();
        }
    }

    [Fact]
    public async Task A_state_with_more_sessions_than_configured_is_refused()
    {
        Open();
        Open();
        using StateMachineUnderTest smaller = new(sessionsMax: 1);
        FormatException refusal = await Assert.ThrowsAsync<FormatException>(() => smaller.InstallAsync(_machine.Machine.Applied, _machine.Content()));
        Assert.Contains("sessions", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new StateMachineUnderTest(sessionsMax: 0));
    }

    private static GraphCommand CreateNode() => new(new CreateNode(LabelSet.Of("L"), PropertyMap.Empty));

    private static byte[] WriteBytes(ulong session, ulong request, GraphCommand command) =>
        GraphScript.Bytes(ClientCommand.Write(session, request, GraphScript.Bytes(command.Encode)).Encode);

    private ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> command) => Apply(LogEntryKind.Command, command);

    private ReadOnlyMemory<byte> Apply(LogEntryKind kind, ReadOnlyMemory<byte> payload) =>
        _machine.Apply(new LogEntry(_machine.Machine.AppliedIndex + 1, 1, kind, payload));

    private ClientResult Open() =>
        ClientResult.Decode(Apply(GraphScript.Bytes(ClientCommand.OpenSession.Encode)).Span);

    private ClientResult Write(ulong session, ulong request, GraphCommand command) =>
        ClientResult.Decode(Apply(WriteBytes(session, request, command)).Span);

    private GraphAnswer Ask(GraphQuery query) => GraphAnswer.Decode(_machine.Ask(GraphScript.Bytes(query.Encode)).Span);

    private long Value(ElementId node, string key)
    {
        Assert.True(((NodeAnswer)Ask(new GetNode(node))).Node!.Properties.TryGet(key, out PropertyValue value));
        return value.AsInt64();
    }
}
