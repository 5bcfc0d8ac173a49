// A tree with a log of its own, for those who only want keys and values. One task takes the writes that have queued up, makes them one log entry,
// applies that to the tree under the entry's index, and only then tells the callers: what they hear of is durable and visible.
//
// Room in the tree is made before the entry is logged, so nothing that is in the log is ever refused by the tree. A second task drops what the tree's
// tables hold from the log.
//
// Faults: a log that failed takes nothing more, and neither does a store whose log took an entry that the tree did not: a restart replays it.
// A tree without room fails the writes of the group with the reason; they are not in the log, and may be tried again.

using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Log;

namespace SimGraph.Storage.Lsm;

/// <summary>Durable keys and values on one machine. Thread-safe.</summary>
public sealed class KeyValueStore
{
    private static readonly TimeSpan StopShare = TaskScope.DefaultStopLimit / 2;

    // Far more than a disk takes that does not hang. Who could not open it, or gave up, need not wait for one that does.
    private static readonly TimeSpan AbandonLimit = TimeSpan.FromSeconds(1);
    private readonly TimeProvider _clock;
    private readonly KeyValueWriter _writer;
    private readonly TaskScope _scope;

    private KeyValueStore(LsmTree tree, TimeProvider clock, KeyValueWriter writer, TaskScope scope)
    {
        Tree = tree;
        _clock = clock;
        _writer = writer;
        _scope = scope;
    }

    /// <summary>The tree, to read statistics, verify, flush and compact; it must not be written to.</summary>
    public LsmTree Tree { get; }

    /// <summary>Opens the store, or creates an empty one, and applies what the log has and the tree's tables have not.</summary>
    /// <exception cref="LogCorruptException">Durable bytes of the log are damaged or missing; nothing was changed.</exception>
    /// <exception cref="LsmCorruptException">Durable bytes of the tree are, or log and tree do not belong together.</exception>
    /// <exception cref="WriteAheadLogException">The log's disk failed.</exception>
    /// <exception cref="LsmException">The tree's disk failed.</exception>
    /// <remarks>When it fails, nothing of it is left, unless the disk hangs: what that holds up is left to the owner's stop.</remarks>
    public static async Task<KeyValueStore> OpenAsync(
        IPlatform platform, TaskScope owner, KeyValueOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        TaskScope scope = owner.CreateChild("kv");
        try
        {
            LsmTree tree = await LsmTree.OpenAsync(platform, scope, options.Tree, cancellationToken);
            WriteAheadLog log = await WriteAheadLog.OpenAsync(platform, scope, options.Log, cancellationToken);
            ulong last = await ReplayAsync(tree, log, options, cancellationToken);
            log.ReleaseRecovered();
            var writer = new KeyValueWriter(options, tree, log, last);
            var store = new KeyValueStore(tree, platform.Clock, writer, scope);
            scope.Run("write", writer.RunAsync);
            scope.Run("truncate", new KeyValueTruncation(tree, log).RunAsync);
            return store;
        }
        catch
        {
            await AbandonAsync(scope);
            throw;
        }
    }

    /// <summary>Sets the value of a key; durable and visible when the task ends.</summary>
    /// <exception cref="ArgumentException">Key or value is outside the limits; nothing was changed.</exception>
    /// <exception cref="LsmStalledException">There was no room for too long; nothing was changed.</exception>
    /// <exception cref="LsmException">The store failed or is stopped; whether the write is durable is unknown, unless it is <see cref="LsmClosedException"/>.</exception>
    /// <exception cref="WriteAheadLogException">The log failed; whether the write is durable is unknown.</exception>
    public async Task PutAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        var batch = new WriteBatch();
        batch.Put(key.Span, value.Span);
        await WriteAsync(batch, cancellationToken);
    }

    /// <summary>Deletes a key; as <see cref="PutAsync"/>.</summary>
    public async Task DeleteAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        var batch = new WriteBatch();
        batch.Delete(key.Span);
        await WriteAsync(batch, cancellationToken);
    }

    /// <summary>Applies a batch as a whole; as <see cref="PutAsync"/>. The batch must not be changed before the task has ended. Cancellation ends only the wait for a place in the queue.</summary>
    public Task WriteAsync(WriteBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _writer.WriteAsync(batch, cancellationToken);
    }

    /// <summary>The value of a key: as of the snapshot, or of now.</summary>
    public async ValueTask<LsmValue> GetAsync(ReadOnlyMemory<byte> key, LsmSnapshot? at, CancellationToken cancellationToken) =>
        await Tree.GetAsync(key, at, cancellationToken);

    /// <summary>Pins what is visible now. Dispose it.</summary>
    public LsmSnapshot TakeSnapshot() => Tree.TakeSnapshot();

    /// <summary>A cursor over a range: as of the snapshot, or of now. Dispose it.</summary>
    public LsmCursor OpenCursor(LsmRange range, LsmSnapshot? at) => Tree.OpenCursor(range, at);

    /// <summary>Ends when all writes that were called before are durable and visible, or have failed.</summary>
    public Task SyncAsync(CancellationToken cancellationToken) => _writer.WriteAsync(new WriteBatch(), cancellationToken);

    /// <summary>
    /// Refuses new writes, completes those in the queue, ends the tasks and closes the files. Idempotent. Writes that wait for room in the tree get half of the limit; then
    /// they are refused.
    /// </summary>
    /// <exception cref="StopTimeoutException">The disk did not answer within <see cref="TaskScope.DefaultStopLimit"/>.</exception>
    public async Task StopAsync()
    {
        // Log and tree close themselves when their scopes stop, but the writes in the queue still need both. A disk without room would keep each of them waiting for as
        // long as the tree may stall: what is not done when half of the time is over is refused by the closed tree, and told so.
        await _writer.CloseAsync(_clock, StopShare);
        await _scope.StopAsync(StopShare);
    }

    private static async Task AbandonAsync(TaskScope scope)
    {
        try
        {
            await scope.StopAsync(AbandonLimit);
        }
        catch (StopTimeoutException)
        {
            // Why it could not be opened says more.
        }
    }

    private static async Task<ulong> ReplayAsync(LsmTree tree, WriteAheadLog log, KeyValueOptions options, CancellationToken cancellationToken)
    {
        LogRecovery recovered = log.Recovered;
        ulong last = recovered.Entries.Count > 0 ? recovered.Entries[^1].Index : recovered.Start.Index;
        if (recovered.Start.Index > tree.DurableSequence || last < tree.DurableSequence)
        {
            throw new LsmCorruptException(
                options.Tree.Folder,
                0,
                $"the log has entries {recovered.Start.Index + 1} to {last}, and the tables hold everything up to {tree.DurableSequence}: they do not belong together");
        }

        var batch = new WriteBatch();
        for (int i = 0; i < recovered.Entries.Count; i++)
        {
            LogEntry entry = recovered.Entries[i];
            if (entry.Index <= tree.DurableSequence)
            {
                continue;
            }

            try
            {
                batch.Decode(entry.Payload.Span);
            }
            catch (FormatException exception)
            {
                throw new LsmCorruptException(options.Log.Directory, 0, $"entry {entry.Index}: {exception.Message}");
            }

            await tree.ApplyAsync(batch, entry.Index, cancellationToken);
        }

        return last;
    }
}
