using System.Buffers;
using SimGraph.Cluster.Consensus;
using SimGraph.Replication.Peers;
using SimGraph.Replication.StateMachine;
using SimGraph.Replication.Wire;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;
using SimGraph.Tests.Storage;
using SimGraph.Tests.Storage.Audit;
using Xunit;

namespace SimGraph.Tests.Replication;

/// <summary>A snapshot that breaks off goes on where it stopped, and two states are never mixed.</summary>
public sealed class SnapshotTransferTests : IDisposable
{
    private const ulong Transfer = 7;
    private static readonly NodeId Peer = new(2);
    private readonly StateMachineUnderTest _sender = new(sessionsMax: 3);
    private readonly StateMachineUnderTest _receiver = new(sessionsMax: 3);
    private readonly ManualClock _clock = new();

    public SnapshotTransferTests()
    {
        ulong session = ClientResult.Decode(Apply(GraphScript.Bytes(ClientCommand.OpenSession.Encode)).Span).Session;
        for (ulong request = 1; request <= 20; request++)
        {
            GraphCommand command = new(new CreateNode(LabelSet.Of("L"), PropertyMap.Empty));
            Apply(GraphScript.Bytes(ClientCommand.Write(session, request, GraphScript.Bytes(command.Encode)).Encode));
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_arrived_before_the_connection_broke_is_not_sent_again()
    {
        using FrozenState state = _sender.Machine.Freeze();
        var transfer = new SnapshotTransfer(About(state), state, Transfer);
        var shelf = new SnapshotShelf(_clock, TimeSpan.FromSeconds(30));
        StagedState staged = _receiver.Machine.BeginReceive(state.Position, long.MaxValue);
        int firstPart = await StreamAsync(transfer, SnapshotMark.Beginning, staged, chunksMax: 3);
        Assert.Equal(3, firstPart);
        await shelf.PutAsync(Peer, Transfer, staged);

        StagedState? resumed = shelf.TryTake(Peer, new SnapshotHeader(state.Position, Transfer));
        Assert.Same(staged, resumed);
        SnapshotMark from = Assert.IsType<SnapshotMark>(transfer.Find((ulong)staged.Length, staged.Hash));
        Assert.True(from.Length > 0);
        int secondPart = await StreamAsync(transfer, from, staged, int.MaxValue);
        await _receiver.Machine.InstallAsync(staged, Cancellation);
        Assert.Equal(_sender.Machine.Digest, _receiver.Machine.Digest);

        StagedState uninterrupted = _receiver.Machine.BeginReceive(state.Position, long.MaxValue);
        int whole = await StreamAsync(new SnapshotTransfer(About(state), state, Transfer + 1), SnapshotMark.Beginning, uninterrupted, int.MaxValue);
        await uninterrupted.AbandonAsync();
        Assert.Equal(whole, firstPart + secondPart);
    }

    [Fact]
    public async Task Only_the_same_transfer_of_the_same_peer_goes_on()
    {
        var shelf = new SnapshotShelf(_clock, TimeSpan.FromSeconds(30));
        LogPosition position = _sender.Machine.Applied;
        StagedState staged = _receiver.Machine.BeginReceive(position, long.MaxValue);
        await shelf.PutAsync(Peer, Transfer, staged);
        Assert.Null(shelf.TryTake(new NodeId(3), new SnapshotHeader(position, Transfer)));
        Assert.Null(shelf.TryTake(Peer, new SnapshotHeader(position, Transfer + 1)));
        Assert.Null(shelf.TryTake(Peer, new SnapshotHeader(new LogPosition(position.Index + 1, position.Term), Transfer)));
        Assert.Same(staged, shelf.TryTake(Peer, new SnapshotHeader(position, Transfer)));
        Assert.Null(shelf.TryTake(Peer, new SnapshotHeader(position, Transfer)));
        await staged.AbandonAsync();
    }

    [Fact]
    public async Task One_state_is_kept_and_not_for_long()
    {
        var shelf = new SnapshotShelf(_clock, TimeSpan.FromSeconds(30));
        LogPosition position = _sender.Machine.Applied;
        await shelf.PutAsync(Peer, 1, _receiver.Machine.BeginReceive(position, long.MaxValue));
        StagedState second = _receiver.Machine.BeginReceive(position, long.MaxValue);
        await shelf.PutAsync(Peer, 2, second);
        Assert.Null(shelf.TryTake(Peer, new SnapshotHeader(position, 1)));
        Assert.Null(shelf.TakeExpired());
        _clock.Pass(TimeSpan.FromSeconds(30));
        Assert.Same(second, shelf.TakeExpired());
        await second.AbandonAsync();
        await shelf.CloseAsync();
        await shelf.PutAsync(Peer, 3, _receiver.Machine.BeginReceive(position, long.MaxValue));
        Assert.Null(shelf.TryTake(Peer, new SnapshotHeader(position, 3)));
    }

    [Fact]
    public void A_receiver_that_holds_something_else_gets_everything()
    {
        using FrozenState state = _sender.Machine.Freeze();
        var transfer = new SnapshotTransfer(About(state), state, Transfer);
        transfer.Note(new SnapshotMark(100, 5, [1]));
        Assert.Equal(100, transfer.Find(100, 5)?.Length);
        Assert.Null(transfer.Find(100, 6));
        Assert.Null(transfer.Find(99, 5));
        Assert.Equal(SnapshotMark.Beginning, transfer.Find(0, 0));
        for (int i = 0; i < 1000; i++)
        {
            transfer.Note(new SnapshotMark(200 + i, (ulong)i, null));
        }

        Assert.Null(transfer.Find(100, 5));
        Assert.NotNull(transfer.Find(1199, 999));
        transfer.BeginAnew(8);
        Assert.Null(transfer.Find(1199, 999));
        Assert.Equal(8UL, transfer.Id);
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    private static ConsensusMessage About(FrozenState state) => new()
    {
        Kind = MessageKind.InstallSnapshot, From = new NodeId(1), To = Peer, Term = 1, Snapshot = state.Position,
    };

    private ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> payload) =>
        _sender.Apply(new LogEntry(_sender.Machine.AppliedIndex + 1, 1, LogEntryKind.Command, payload));

    /// <summary>As the sender does it.</summary>
    private async Task<int> StreamAsync(SnapshotTransfer transfer, SnapshotMark from, StagedState to, int chunksMax)
    {
        var pairs = new ArrayBufferWriter<byte>();
        long length = from.Length;
        ulong hash = from.Hash;
        int chunks = 0;
        await using LsmCursor cursor = transfer.State.OpenCursor();
        await cursor.SeekAsync(from.Next, Cancellation);
        while (cursor.IsValid && chunks < chunksMax)
        {
            pairs.ResetWrittenCount();
            await FrozenState.ReadChunkAsync(cursor, pairs, 100, Cancellation);
            hash = StagedState.NextHash(hash, pairs.WrittenSpan);
            length += pairs.WrittenCount;
            transfer.Note(new SnapshotMark(length, hash, cursor.IsValid ? cursor.Key.ToArray() : null));
            await to.AddAsync(pairs.WrittenMemory, Cancellation);
            chunks++;
        }

        if (!cursor.IsValid)
        {
            await to.CompleteAsync((ulong)length, hash, Cancellation);
        }

        return chunks;
    }
}
