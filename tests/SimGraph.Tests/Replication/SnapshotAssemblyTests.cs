using System.IO.Hashing;
using SimGraph.Replication.Peers;
using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Tests.Replication;

public sealed class SnapshotAssemblyTests
{
    private static readonly LogPosition Position = new(10, 2);
    private static readonly byte[] Data = [1, 2, 3, 4, 5, 6, 7];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void Chunks_become_the_snapshot_that_was_announced(int chunkLength)
    {
        var assembly = new SnapshotAssembly(Header(Data), 100);
        foreach (byte[] chunk in Data.Chunk(chunkLength))
        {
            assembly.Add(chunk);
        }

        Assert.Equal(Data, assembly.Complete(Position).Data.ToArray());
        Assert.Equal(Position, assembly.Complete(Position).Position);
    }

    [Fact]
    public void Too_large_a_snapshot_is_refused_when_it_is_announced() =>
        Assert.Throws<ProtocolException>(() => new SnapshotAssembly(new SnapshotHeader(Position, 101, 0), 100));

    [Fact]
    public void More_than_was_announced_is_refused()
    {
        var assembly = new SnapshotAssembly(Header(Data), 100);
        assembly.Add(Data.AsSpan(0, 5));
        Assert.Throws<ProtocolException>(() => assembly.Add(Data.AsSpan(0, 3)));
    }

    [Fact]
    public void An_incomplete_a_damaged_and_a_mistaken_snapshot_are_refused()
    {
        var incomplete = new SnapshotAssembly(Header(Data), 100);
        incomplete.Add(Data.AsSpan(0, 6));
        Assert.Throws<ProtocolException>(() => incomplete.Complete(Position));

        var damaged = new SnapshotAssembly(Header(Data), 100);
        damaged.Add([1, 2, 3, 4, 5, 6, 8]);
        Assert.Throws<ProtocolException>(() => damaged.Complete(Position));

        var mistaken = new SnapshotAssembly(Header(Data), 100);
        mistaken.Add(Data);
        Assert.Throws<ProtocolException>(() => mistaken.Complete(new LogPosition(11, 2)));
    }

    private static SnapshotHeader Header(byte[] data) => new(Position, (ulong)data.Length, XxHash3.HashToUInt64(data));
}
