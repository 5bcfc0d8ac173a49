using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Lsm;
using Xunit;

namespace SimGraph.Tests.Storage.Graph;

/// <summary>
/// A graph store on a tree on a disk in memory, and the log that a replica would have: what the tree lost when it was closed is applied again.
/// </summary>
internal sealed class StoreUnderTest : IAsyncDisposable
{
    private readonly LsmOptions _options;
    private readonly List<(ulong Index, GraphCommand Command)> _log = [];
    private readonly WriteBatch _batch = new();
    private TaskScope _owner;

    private StoreUnderTest(LsmOptions options, MemoryDisk disk)
    {
        _options = options;
        Disk = disk;
        Platform = new StoragePlatform(disk);
        _owner = new TaskScope(Platform.Tasks, "test");
    }

    /// <summary>Tables of a few entries, so that little work makes many flushes and compactions.</summary>
    public static LsmOptions SmallTables { get; } = new()
    {
        MemtableBytes = 4 << 10, LevelOneBytes = 8 << 10, TableBytes = 2 << 10, BlockBytes = 256, LevelZeroCompactionTables = 2, LevelRatio = 2,
    };

    public MemoryDisk Disk { get; private set; }

    public StoragePlatform Platform { get; private set; }

    public LsmTree Tree { get; private set; } = null!;

    public GraphStore Store { get; private set; } = null!;

    public static async Task<StoreUnderTest> OpenAsync(LsmOptions? options = null)
    {
        StoreUnderTest store = new(options ?? SmallTables, new MemoryDisk());
        await store.StartAsync();
        return store;
    }

    /// <summary>Applies a command as a replica does. A refused one must leave nothing in the batch.</summary>
    public async Task<GraphOutcome> ApplyAsync(GraphCommand command, ulong index)
    {
        _log.Add((index, command));
        return await ReplayAsync(command, index);
    }

    public async Task<GraphAnswer> AskAsync(GraphQuery query, LsmSnapshot? at = null) => await Store.AskAsync(query, at, CancellationToken.None);

    /// <summary>Closes and opens again; without a flush before it, the end of the log is applied again.</summary>
    public async Task ReopenAsync(bool flush)
    {
        if (flush)
        {
            await Tree.FlushAsync(CancellationToken.None);
        }

        await StopAsync();
        Disk = Disk.LosePower(() => false);
        Platform = new StoragePlatform(Disk);
        _owner = new TaskScope(Platform.Tasks, "test");
        await StartAsync();
    }

    /// <summary>All pairs of the tree in order, as hexadecimal text.</summary>
    public async Task<string[]> ListAsync(LsmSnapshot? at = null)
    {
        List<string> pairs = [];
        await using LsmCursor cursor = Tree.OpenCursor(LsmRange.All, at);
        await cursor.MoveToFirstAsync(CancellationToken.None);
        while (cursor.IsValid)
        {
            pairs.Add(StoreContent.Format(cursor.Key.Span, cursor.Value.Span));
            if (!cursor.TryMoveNext())
            {
                await cursor.MoveNextAsync(CancellationToken.None);
            }
        }

        return [.. pairs];
    }

    public async Task AssertSoundAsync()
    {
        GraphVerification verification = await Store.VerifyAsync(CancellationToken.None);
        Assert.Equal([], verification.Problems);
        Assert.Equal(Store.Digest, verification.Digest);
        Assert.Equal((Store.NodeCount, Store.EdgeCount), (verification.Nodes, verification.Edges));
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task StartAsync()
    {
        Tree = await LsmTree.OpenAsync(Platform, _owner, _options, CancellationToken.None);
        Store = new GraphStore(Tree, Platform);
        await Store.LoadAsync(CancellationToken.None);
        foreach ((ulong index, GraphCommand command) in _log.Where(entry => entry.Index > Tree.LastSequence))
        {
            await ReplayAsync(command, index);
        }
    }

    private async Task StopAsync()
    {
        await Tree.StopAsync();
        Assert.Empty(_owner.SnapshotAlive());
        Assert.Equal(0, Disk.OpenFiles);
        await _owner.StopAsync();
    }

    private async Task<GraphOutcome> ReplayAsync(GraphCommand command, ulong index)
    {
        _batch.Clear();
        GraphOutcome outcome = await Store.PrepareAsync(command, index, _batch, CancellationToken.None);
        if (outcome.IsApplied)
        {
            await Tree.ApplyAsync(_batch, index, CancellationToken.None);
        }
        else
        {
            Assert.Equal(0, _batch.Count);
        }

        Store.Applied();
        return outcome;
    }
}
