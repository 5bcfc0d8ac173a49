using System.Buffers.Binary;
using RocksDbSharp;
using SimGraph.Soak.Bench.Storage;

namespace SimGraph.Peers.Logs;

/// <summary>RocksDB's write-ahead log, through the only door it has: synchronous puts of ascending keys. Its writers form groups by themselves.</summary>
internal sealed class RocksDbLog : IMeasuredLog
{
    private readonly RocksDb _database;
    private readonly WriteOptions _synchronous = new WriteOptions().SetSync(true);
    private long _next;

    private RocksDbLog(string folder) => _database = RocksDb.Open(new DbOptions().SetCreateIfMissing(true), folder);

    public static LogContender Contender { get; } = new(
        "RocksDB 11.12.0, sync put", TakesManyWriters: true, Blocks: true, folder => Task.FromResult<IMeasuredLog>(new RocksDbLog(folder)));

    public Task AppendAsync(byte[] payload)
    {
        Span<byte> key = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, Interlocked.Increment(ref _next));
        _database.Put(key, payload, cf: null, _synchronous);
        return Task.CompletedTask;
    }

    public Task AppendBatchAsync(byte[] payload, int count)
    {
        using var batch = new WriteBatch();
        Span<byte> key = stackalloc byte[sizeof(long)];
        for (int i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(key, ++_next);
            batch.Put(key, payload);
        }

        _database.Write(batch, _synchronous);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }
}
