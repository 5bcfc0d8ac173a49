using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Runtime.Production;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Lsm;

namespace SimGraph.Soak.Bench.Storage;

/// <summary>Our tree: with its log as a store, without it as it is inside of a replica.</summary>
internal sealed class KeyValueStoreUnderTest : IMeasuredStore
{
    private readonly TaskScope _scope;
    private readonly LsmTree _tree;
    private readonly KeyValueStore? _store;
    private readonly WriteBatch _batch = new();
    private ulong _sequence;

    private KeyValueStoreUnderTest(TaskScope scope, LsmTree tree, KeyValueStore? store)
    {
        _scope = scope;
        _tree = tree;
        _store = store;
    }

    public static StoreContender Contender(string name) => new(name, TakesManyWriters: true, Blocks: false, OpenAsync);

    public IEnumerable<string> Remarks
    {
        get
        {
            LsmStatistics statistics = _tree.Statistics;
            LsmStalls stalls = statistics.Stalls;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{stalls.Count} writes waited for room, {stalls.Total.TotalSeconds:0.00} s in all, the longest {stalls.Longest.TotalMilliseconds:0} ms{Histogram(stalls)}");
            double written = statistics.BytesFlushed + statistics.BytesCompactedWritten;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{statistics.Flushes} flushes, {statistics.Compactions} compactions, write amplification {written / Math.Max(1, statistics.BytesFlushed):0.0}, tables by level {string.Join(" ", statistics.Levels.Select(level => level.Tables))}");
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"blocks found in the cache {statistics.CacheHits:N0} times and read {statistics.CacheMisses:N0} times; it holds {statistics.CacheBytes / 1048576.0:0.0} MiB");
        }
    }

    public async Task PutAllAsync(IReadOnlyList<(byte[] Key, byte[] Value)> pairs)
    {
        _batch.Clear();
        for (int i = 0; i < pairs.Count; i++)
        {
            _batch.Put(pairs[i].Key, pairs[i].Value);
        }

        if (_store is not null)
        {
            await _store.WriteAsync(_batch, CancellationToken.None);
        }
        else
        {
            await _tree.ApplyAsync(_batch, ++_sequence, CancellationToken.None);
        }
    }

    public Task PutAsync(byte[] key, byte[] value) => _store!.PutAsync(key, value, CancellationToken.None);

    public async ValueTask<int> GetAsync(byte[] key)
    {
        LsmValue value = await _tree.GetAsync(key, at: null, CancellationToken.None);
        return value.Found ? value.Value.Length : -1;
    }

    public async Task<long> ScanAsync(TimeSlice slice)
    {
        long pairs = 0;
        long bytes = 0;
        await using LsmCursor cursor = _tree.OpenCursor(LsmRange.All, at: null);
        await cursor.MoveToFirstAsync(CancellationToken.None);
        while (cursor.IsValid)
        {
            bytes += cursor.Key.Length + cursor.Value.Length;
            if ((++pairs & 0xFFF) == 0 && !slice.Goes)
            {
                break;
            }

            if (!cursor.TryMoveNext())
            {
                await cursor.MoveNextAsync(CancellationToken.None);
            }
        }

        GC.KeepAlive(bytes);
        return pairs;
    }

    public async Task SettleAsync()
    {
        await _tree.FlushAsync(CancellationToken.None);
        (long, long) before;
        do
        {
            before = Work();
            await Task.Delay(TimeSpan.FromMilliseconds(300));
        }
        while (before != Work());
    }

    public async ValueTask DisposeAsync() => await _scope.StopAsync();

    private static async Task<IMeasuredStore> OpenAsync(string folder, StoreDurability durability)
    {
        var platform = new ProductionPlatform("bench", new SocketNetwork(), new FileSystemDisk(folder), NullLoggerFactory.Instance);
        var scope = new TaskScope(platform.Tasks, "bench");
        if (durability == StoreDurability.None)
        {
            return new KeyValueStoreUnderTest(scope, await LsmTree.OpenAsync(platform, scope, new LsmOptions(), CancellationToken.None), null);
        }

        KeyValueStore store = await KeyValueStore.OpenAsync(platform, scope, new KeyValueOptions(), CancellationToken.None);
        return new KeyValueStoreUnderTest(scope, store.Tree, store);
    }

    private static string Histogram(LsmStalls stalls)
    {
        IEnumerable<string> parts = stalls.Histogram
            .Select((count, i) => (Count: count, Below: i == stalls.Histogram.Count - 1 ? "more" : $"<{1L << i} ms"))
            .Where(part => part.Count > 0)
            .Select(part => $"{part.Below}: {part.Count}");
        return stalls.Count == 0 ? string.Empty : $" ({string.Join(", ", parts)})";
    }

    private (long Compactions, long Bytes) Work()
    {
        LsmStatistics statistics = _tree.Statistics;
        return (statistics.Flushes + statistics.Compactions + statistics.TrivialMoves, statistics.BytesCompactedRead + statistics.BytesCompactedWritten);
    }
}
