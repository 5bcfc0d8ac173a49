using System.Collections.Immutable;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Lsm;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

/// <summary>A tree next to its model. Everything done to one is done to the other; disposal stops the tree and checks that nothing is left.</summary>
internal sealed class TreeLab : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly WriteBatch _batch = new();

    private TreeLab(IPlatform platform, LsmOptions options, TreeModel model, TaskScope owner, LsmTree tree)
    {
        Platform = platform;
        Options = options;
        Model = model;
        Owner = owner;
        Tree = tree;
    }

    /// <summary>So small that a hundred keys fill several levels.</summary>
    public static LsmOptions Tiny { get; } = new()
    {
        MemtableBytes = 2 << 10,
        LevelZeroCompactionTables = 2,
        LevelZeroStallTables = 5,
        LevelOneBytes = 1 << 10,
        LevelRatio = 2,
        LevelCount = 5,
        TableBytes = 512,
        BlockBytes = 128,
        BlockCacheBytes = 2 << 10,
        TablesOpenMax = 3,
        ManifestBytesMax = 1 << 10,
    };

    public IPlatform Platform { get; }

    public LsmOptions Options { get; }

    public TreeModel Model { get; }

    public TaskScope Owner { get; }

    public LsmTree Tree { get; }

    public static Task<TreeLab> OpenAsync(IDisk disk, TreeModel? model = null, LsmOptions? options = null) =>
        OpenAsync(new StoragePlatform(disk), model, options);

    /// <summary>Opens the tree and replays what its tables do not hold.</summary>
    public static async Task<TreeLab> OpenAsync(IPlatform platform, TreeModel? model = null, LsmOptions? options = null)
    {
        model ??= new TreeModel();
        options ??= Tiny;
        var owner = new TaskScope(platform.Tasks, "test");
        LsmTree tree = await LsmTree.OpenAsync(platform, owner, options, None);
        var lab = new TreeLab(platform, options, model, owner, tree);
        Assert.True(tree.DurableSequence <= model.LastSequence, $"durable {tree.DurableSequence} of {model.LastSequence}");
        var batch = new WriteBatch();
        foreach ((ulong sequence, byte[] encoded) in model.Log)
        {
            if (sequence > tree.DurableSequence)
            {
                batch.Decode(encoded);
                await tree.ApplyAsync(batch, sequence, None);
            }
        }

        return lab;
    }

    public Task PutAsync(string key, string value) => ApplyAsync(new TreeChange(key, value));

    public Task DeleteAsync(string key) => ApplyAsync(new TreeChange(key));

    public Task DeleteRangeAsync(string start, string end) => ApplyAsync(new TreeChange(start, null, end));

    public async Task ApplyAsync(params TreeChange[] changes)
    {
        _batch.Clear();
        ulong sequence = Model.Apply(changes, _batch);
        await PatientlyAsync(async () => await Tree.ApplyAsync(_batch, sequence, None));
    }

    public Task FlushAsync() => PatientlyAsync(() => Tree.FlushAsync(None));

    public Task CompactAsync() => PatientlyAsync(() => Tree.CompactAsync(LsmRange.All, None));

    public async Task<string?> GetAsync(string key, LsmSnapshot? at = null)
    {
        LsmValue value = await Tree.GetAsync(TreeModel.Bytes(key), at, None);
        return value.Found ? TreeModel.Text(value.Value) : null;
    }

    /// <summary>Compares single reads and scans both ways with the model.</summary>
    public async Task AssertEqualsModelAsync(LsmSnapshot? at = null, ImmutableSortedDictionary<string, string>? state = null)
    {
        state ??= Model.Now;
        foreach (string key in state.Keys.Concat(["", "a", "k05", "zz"]).Where(key => key.Length > 0))
        {
            Assert.Equal((key, state.GetValueOrDefault(key)), (key, await GetAsync(key, at)));
        }

        await AssertScansAsync(state, at, null, null);
    }

    public async Task AssertScansAsync(
        ImmutableSortedDictionary<string, string> state, LsmSnapshot? at, string? start, string? end)
    {
        (string Key, string Value)[] expected = TreeModel.In(state, start, end);
        await using LsmCursor cursor = Tree.OpenCursor(RangeOf(start, end), at);
        var found = new List<(string, string)>();
        await cursor.MoveToFirstAsync(None);
        while (cursor.IsValid)
        {
            found.Add((TreeModel.Text(cursor.Key), TreeModel.Text(cursor.Value)));
            if (!cursor.TryMoveNext())
            {
                await cursor.MoveNextAsync(None);
            }
        }

        Assert.Equal(expected, found);
        found.Clear();
        await cursor.MoveToLastAsync(None);
        while (cursor.IsValid)
        {
            found.Add((TreeModel.Text(cursor.Key), TreeModel.Text(cursor.Value)));
            if (!cursor.TryMovePrevious())
            {
                await cursor.MovePreviousAsync(None);
            }
        }

        found.Reverse();
        Assert.Equal(expected, found);
    }

    public async Task AssertIsSoundAsync()
    {
        LsmVerification verification = await Tree.VerifyAsync(None);
        Assert.Empty(verification.Problems);
    }

    /// <summary>Stops the tree; its model goes on with another one.</summary>
    public async ValueTask DisposeAsync()
    {
        await Tree.StopAsync();
        Assert.Empty(Owner.SnapshotAlive());
        Assert.Null(Owner.FirstFailure);
        Assert.Equal(0, (Platform.Disk as MemoryDisk)?.OpenFiles ?? 0);
        await Owner.StopAsync();
    }

    // Stalls are short in tests of dead disks, and a loaded machine is not a dead disk.
    private async Task PatientlyAsync(Func<Task> action)
    {
        while (true)
        {
            try
            {
                await action();
                return;
            }
            catch (LsmStalledException) when (Platform.Disk is not MemoryDisk { DieAt: > 0 } disk || disk.Calls < disk.DieAt)
            {
            }
        }
    }

    internal static LsmRange RangeOf(string? start, string? end) => new(
        start is null ? (ReadOnlyMemory<byte>?)null : TreeModel.Bytes(start),
        end is null ? (ReadOnlyMemory<byte>?)null : TreeModel.Bytes(end));
}
