using SimGraph.Soak.Bench.Storage;
using ZoneTree;
using ZoneTree.Comparers;
using ZoneTree.Logger;
using ZoneTree.Options;
using ZoneTree.Serializers;

namespace SimGraph.Peers.Stores;

/// <summary>ZoneTree over bytes, with its maintainer. Its options are its defaults but for the log.</summary>
internal sealed class ZoneTreeStore : IMeasuredStore
{
    private readonly IZoneTree<byte[], byte[]> _tree;
    private readonly IMaintainer _maintainer;
    private readonly bool _synchronizes;

    private ZoneTreeStore(string folder, StoreDurability durability)
    {
        _synchronizes = durability == StoreDurability.Flushed;
        _tree = new ZoneTreeFactory<byte[], byte[]>()
            .SetComparer(new BytesLexicographicComparerAscending())
            .SetKeySerializer(new BytesSerializer())
            .SetValueSerializer(new BytesSerializer())
            .SetDataDirectory(Path.Join(folder, "data"))
            .SetWriteAheadLogDirectory(Path.Join(folder, "wal"))
            .SetLogLevel(LogLevel.Error)
            .ConfigureWriteAheadLogOptions(options => options.WriteAheadLogMode = _synchronizes ? WriteAheadLogMode.Sync : WriteAheadLogMode.None)
            .DisableDeletion()
            .OpenOrCreate();
        _maintainer = _tree.CreateMaintainer();
    }

    public static StoreContender Contender { get; } = new(
        "ZoneTree 2.1.3", TakesManyWriters: true, Blocks: false, (folder, durability) => Task.FromResult<IMeasuredStore>(new ZoneTreeStore(folder, durability)));

    public IEnumerable<string> Remarks => [];

    public async Task PutAllAsync(IReadOnlyList<(byte[] Key, byte[] Value)> pairs)
    {
        foreach ((byte[] key, byte[] value) in pairs)
        {
            _tree.Upsert(key, value);
        }

        await SynchronizeAsync();
    }

    public async Task PutAsync(byte[] key, byte[] value)
    {
        _tree.Upsert(key, value);
        await SynchronizeAsync();
    }

    public ValueTask<int> GetAsync(byte[] key) => ValueTask.FromResult(_tree.TryGet(key, out byte[] value) ? value.Length : -1);

    public Task<long> ScanAsync(TimeSlice slice)
    {
        long pairs = 0;
        long bytes = 0;
        using IZoneTreeIterator<byte[], byte[]> iterator = _tree.CreateIterator(IteratorType.NoRefresh, includeDeletedRecords: false);
        while (iterator.Next())
        {
            bytes += iterator.CurrentKey.Length + iterator.CurrentValue.Length;
            if ((++pairs & 0xFFF) == 0 && !slice.Goes)
            {
                break;
            }
        }

        GC.KeepAlive(bytes);
        return Task.FromResult(pairs);
    }

    public Task SettleAsync()
    {
        _maintainer.EvictToDisk();
        _maintainer.WaitForBackgroundThreads();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _maintainer.WaitForBackgroundThreads();
        _maintainer.Dispose();
        _tree.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task SynchronizeAsync() => _synchronizes ? _tree.SyncWALAsync(CancellationToken.None) : Task.CompletedTask;
}
