// Stores side by side: the same pairs, inserted in random order. Loads begin with an empty store in every round; what comes after them shares one store
// for each contender, loaded once and left alone until its background work was done.

using System.Diagnostics;
using System.Globalization;

namespace SimGraph.Soak.Bench.Storage;

/// <summary>Measures stores of keys and values.</summary>
internal sealed class StoreBench(StorageBenchOptions options, StorageFolders folders, CancellationToken abort)
{
    public const int BatchPairs = 1000;
    public const int Writers = 64;
    private const int ScanAgainBelow = 1_000_000;
    private readonly StoreData _data = new();
    private readonly InterleavedRunner _runner = new(options.Rounds, options.Slice, abort);
    private readonly List<(StoreContender Contender, IMeasuredStore Store)> _loaded = [];
    private long _nextKey = options.Keys;

    /// <summary>Inserts all keys into empty stores, <see cref="BatchPairs"/> at a time.</summary>
    public Task<IReadOnlyList<MeasuredRate>> LoadsAsync(IReadOnlyList<StoreContender> stores, StoreDurability durability) =>
        _runner.MeasureAsync(
            stores,
            static contender => contender.Name,
            async (contender, _) =>
            {
                string folder = folders.New();
                await using (IMeasuredStore store = await contender.OpenAsync(folder, durability))
                {
                    long begun = Stopwatch.GetTimestamp();
                    await LoadAsync(store);
                    var done = new WorkDone(options.Keys, Stopwatch.GetElapsedTime(begun));
                    return done;
                }
            },
            warmsUp: options.Keys < ScanAgainBelow);

    /// <summary>Loads a durable store for each contender and lets it come to rest. Returns what they say.</summary>
    public async Task<IReadOnlyList<string>> OpenLoadedAsync(IReadOnlyList<StoreContender> stores)
    {
        var remarks = new List<string>();
        foreach (StoreContender contender in stores)
        {
            IMeasuredStore store = await contender.OpenAsync(folders.New(), StoreDurability.Flushed);
            _loaded.Add((contender, store));
            await LoadAsync(store);
            long begun = Stopwatch.GetTimestamp();
            await store.SettleAsync();
            TimeSpan settled = Stopwatch.GetElapsedTime(begun);
            abort.ThrowIfCancellationRequested();
            remarks.Add(string.Create(
                CultureInfo.InvariantCulture, $"{contender.Name}: {settled.TotalSeconds:0.0} s of background work were left after the load"));
        }

        return [.. remarks, .. Remarks()];
    }

    /// <summary>What the stores say by now.</summary>
    public IReadOnlyList<string> Remarks() =>
        [.. _loaded.SelectMany(loaded => loaded.Store.Remarks.Select(remark => $"{loaded.Contender.Name}: {remark}"))];

    public Task<IReadOnlyList<MeasuredRate>> GetsAsync() => MeasureAsync(_loaded, async (_, store, slice) =>
    {
        var random = new Random(7);
        byte[] key = new byte[StoreData.KeyBytes];
        long gets = 0;
        for (; slice.Goes; gets++)
        {
            StoreData.WriteKey(key, random.NextInt64(options.Keys));
            if (await store.GetAsync(key) != StoreData.ValueBytes)
            {
                throw new InvalidOperationException("a store does not find what it was given");
            }
        }

        return gets;
    });

    public Task<IReadOnlyList<MeasuredRate>> ScansAsync() => MeasureAsync(_loaded, static async (_, store, slice) =>
    {
        long pairs = 0;
        while (slice.Goes)
        {
            pairs += await store.ScanAsync(slice);
        }

        return pairs;
    });

    /// <summary>One writer, one new pair, one flush.</summary>
    public Task<IReadOnlyList<MeasuredRate>> PutsAsync() =>
        MeasureAsync(_loaded, (_, store, slice) => PutAsync(store, slice));

    /// <summary>Many writers, each of which waits for its own pair.</summary>
    public Task<IReadOnlyList<MeasuredRate>> WritersAsync() =>
        MeasureAsync([.. _loaded.Where(loaded => loaded.Contender.TakesManyWriters)], async (contender, store, slice) =>
        {
            long[] puts = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => contender.Blocks
                ? Task.Factory.StartNew(
                    () => PutAsync(store, slice), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()
                : Task.Run(() => PutAsync(store, slice))));
            return puts.Sum();
        });

    public async Task CloseAsync()
    {
        foreach ((_, IMeasuredStore store) in _loaded)
        {
            await store.DisposeAsync();
        }

        _loaded.Clear();
        folders.Clear();
    }

    private Task<IReadOnlyList<MeasuredRate>> MeasureAsync(
        IReadOnlyList<(StoreContender Contender, IMeasuredStore Store)> stores, Func<StoreContender, IMeasuredStore, TimeSlice, Task<long>> work) =>
        _runner.MeasureAsync(
            stores,
            static loaded => loaded.Contender.Name,
            async (loaded, slice) => new WorkDone(await work(loaded.Contender, loaded.Store, slice)));

    private async Task<long> PutAsync(IMeasuredStore store, TimeSlice slice)
    {
        long puts = 0;
        for (; slice.Goes; puts++)
        {
            long number = Interlocked.Increment(ref _nextKey);
            await store.PutAsync(StoreData.Key(number), _data.Value(number));
        }

        return puts;
    }

    private async Task LoadAsync(IMeasuredStore store)
    {
        var batch = new List<(byte[] Key, byte[] Value)>(BatchPairs);
        for (long number = 0; number < options.Keys;)
        {
            abort.ThrowIfCancellationRequested();
            batch.Clear();
            for (; batch.Count < BatchPairs && number < options.Keys; number++)
            {
                batch.Add((StoreData.Key(number), _data.Value(number)));
            }

            await store.PutAllAsync(batch);
        }
    }
}
