using RocksDbSharp;
using SimGraph.Soak.Bench.Storage;

namespace SimGraph.Peers.Stores;

/// <summary>RocksDB through its wrapper, with what we have by default too: 32 MiB of block cache, ten bits of bloom filter a key, no compression.</summary>
internal sealed class RocksDbStore : IMeasuredStore
{
    private const ulong CacheBytes = 32 << 20;
    private const int BloomBits = 10;
    private readonly RocksDb _database;
    private readonly WriteOptions _writing;

    private RocksDbStore(string folder, StoreDurability durability)
    {
        BlockBasedTableOptions tables = new BlockBasedTableOptions()
            .SetBlockCache(Cache.CreateLru(CacheBytes))
            .SetFilterPolicy(BloomFilterPolicy.Create(BloomBits, false));
        DbOptions options = new DbOptions()
            .SetCreateIfMissing(true)
            .SetCompression(Compression.No)
            .SetBlockBasedTableFactory(tables);
        _database = RocksDb.Open(options, folder);
        _writing = durability == StoreDurability.Flushed ? new WriteOptions().SetSync(true) : new WriteOptions().DisableWal(1);
    }

    public static StoreContender Contender { get; } = new(
        "RocksDB 11.12.0", TakesManyWriters: true, Blocks: true, (folder, durability) => Task.FromResult<IMeasuredStore>(new RocksDbStore(folder, durability)));

    public IEnumerable<string> Remarks => [];

    public Task PutAllAsync(IReadOnlyList<(byte[] Key, byte[] Value)> pairs)
    {
        using var batch = new WriteBatch();
        foreach ((byte[] key, byte[] value) in pairs)
        {
            batch.Put(key, value);
        }

        _database.Write(batch, _writing);
        return Task.CompletedTask;
    }

    public Task PutAsync(byte[] key, byte[] value)
    {
        _database.Put(key, value, cf: null, _writing);
        return Task.CompletedTask;
    }

    public ValueTask<int> GetAsync(byte[] key) => ValueTask.FromResult(_database.Get(key)?.Length ?? -1);

    public Task<long> ScanAsync(TimeSlice slice)
    {
        long pairs = 0;
        long bytes = 0;
        using Iterator iterator = _database.NewIterator();
        for (iterator.SeekToFirst(); iterator.Valid(); iterator.Next())
        {
            bytes += iterator.GetKeySpan().Length + iterator.GetValueSpan().Length;
            if ((++pairs & 0xFFF) == 0 && !slice.Goes)
            {
                break;
            }
        }

        GC.KeepAlive(bytes);
        return Task.FromResult(pairs);
    }

    public async Task SettleAsync()
    {
        _database.Flush(new FlushOptions().SetWaitForFlush(true));
        while (_database.GetProperty("rocksdb.compaction-pending") != "0" || _database.GetProperty("rocksdb.num-running-compactions") != "0")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }
}
