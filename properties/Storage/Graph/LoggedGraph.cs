// A graph store as a replica has it, without consensus: commands are made durable in a write-ahead log, and applied to the tree under their index, in one batch
// with the position. After a restart the log behind the tree is applied again. The log is cut only behind what the tree has durable.

using System.Buffers;
using System.Buffers.Binary;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Tasks;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Storage.Graph;

/// <summary>A log, a tree and a graph store that belong together. One owner, one call at a time.</summary>
internal sealed class LoggedGraph
{
    private const ulong Term = 1;
    private const int ReadsMax = 4;
    private readonly WriteAheadLog _log;
    private readonly WriteBatch _batch = new();
    private readonly IPlatform _platform;

    private LoggedGraph(IPlatform platform, WriteAheadLog log, LsmTree tree)
    {
        _platform = platform;
        _log = log;
        Tree = tree;
        Store = new GraphStore(tree, platform.Probes);
    }

    /// <summary>Where the position is in the tree.</summary>
    public static ReadOnlySpan<byte> AppliedKey => "A"u8;

    public LsmTree Tree { get; }

    public GraphStore Store { get; }

    /// <summary>Index of the last command that was applied.</summary>
    public ulong Applied { get; private set; }

    /// <summary>Index of the last command that was given to the log.</summary>
    public ulong Logged { get; private set; }

    public static async Task<LoggedGraph> OpenAsync(IPlatform platform, TaskScope scope, GraphPlan plan, CancellationToken stop, Promptness? prompt = null)
    {
        Task<T> CallAsync<T>(string what, Func<Task<T>> call) => prompt is null ? call() : prompt.CallAsync(what, call);
        WriteAheadLog log;
        LsmTree? tree = null;
        try
        {
            log = await CallAsync("opening the log", () => WriteAheadLog.OpenAsync(platform, scope, plan.Log, stop));
        }
        catch (LogCorruptException exception)
        {
            throw new StorageViolationException("graph.refused-to-open", exception.Message);
        }

        try
        {
            tree = await CallAsync("opening the tree", () => LsmTree.OpenAsync(platform, scope, plan.Tree, stop));
            LoggedGraph graph = new(platform, log, tree);
            return await CallAsync("applying the log", async () =>
            {
                await graph.RecoverAsync(stop);
                return graph;
            });
        }
        catch (Exception exception)
        {
            await StopAsync(tree, log);
            if (exception is LsmCorruptException or GraphStoreCorruptException)
            {
                throw new StorageViolationException("graph.refused-to-open", exception.Message);
            }

            throw;
        }
    }

    /// <summary>True for what a failing disk explains.</summary>
    public static bool IsExplained(Exception exception, CancellationToken stop) =>
        (exception is WriteAheadLogException or LsmException or DiskException && exception is not LsmCorruptException)
        || (exception is OperationCanceledException && stop.IsCancellationRequested);

    /// <summary>Gives a command to the log; durable when the task ends.</summary>
    public Task LogAsync(GraphCommand command)
    {
        ArrayBufferWriter<byte> payload = new();
        command.Encode(payload);
        return _log.AppendAsync(
            new LogBatch { Entries = [new LogEntry(++Logged, Term, LogEntryKind.Command, payload.WrittenMemory)] }, CancellationToken.None);
    }

    /// <summary>Applies the next command, which is durable. A read that fails is tried again: it left nothing behind.</summary>
    public async Task<GraphOutcome> ApplyAsync(GraphCommand command, CancellationToken stop)
    {
        ulong index = Applied + 1;
        GraphOutcome outcome;
        for (int i = 1; ; i++)
        {
            try
            {
                _batch.Clear();
                outcome = await Store.PrepareAsync(command, index, _batch, stop);
                break;
            }
            catch (DiskException) when (i < ReadsMax)
            {
                if (_batch.Count > 0)
                {
                    throw new StorageViolationException("graph.half-prepared", $"the read of command {index} failed, and left {_batch.Count} changes in the batch");
                }
            }
        }

        if (!outcome.IsApplied && _batch.Count > 0)
        {
            throw new StorageViolationException("graph.half-refused", $"command {index} was refused ({outcome}), and left {_batch.Count} changes in the batch");
        }

        byte[] position = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(position, index);
        _batch.Put(AppliedKey, position);
        await Tree.ApplyAsync(_batch, index, stop);
        Store.Applied();
        Applied = index;
        return outcome;
    }

    /// <summary>Lets the log begin behind what the tree has durable.</summary>
    public async Task TruncateAsync()
    {
        ulong durable = Tree.DurableSequence;
        if (durable > 0)
        {
            await _log.AppendAsync(new LogBatch { Start = new LogPosition(durable, Term) }, CancellationToken.None);
            await _log.TruncatePrefixAsync(durable, CancellationToken.None);
            _platform.Probes.Reachable("storage-graph.truncated");
        }
    }

    public Task StopAsync() => StopAsync(Tree, _log);

    private static Task StopAsync(LsmTree? tree, WriteAheadLog log) => OrderlyEnd.StopAsync(async () =>
    {
        if (tree is not null)
        {
            await tree.StopAsync();
        }

        await log.StopAsync();
    });

    private async Task RecoverAsync(CancellationToken stop)
    {
        await Store.LoadAsync(stop);
        LsmValue position = await Tree.GetAsync(AppliedKey.ToArray(), null, stop);
        Applied = position.Found ? BinaryPrimitives.ReadUInt64LittleEndian(position.Value.Span) : 0;
        if (Applied != Tree.LastSequence)
        {
            throw new StorageViolationException("graph.position", $"the tree is at sequence {Tree.LastSequence}, and the position in it says {Applied}");
        }

        LogRecovery recovered = _log.Recovered;
        Logged = recovered.Start.Index + (ulong)recovered.Entries.Count;
        if (recovered.Start.Index > Applied || Logged < Applied)
        {
            throw new StorageViolationException(
                "graph.gap", $"the tree ends at {Applied}, and the log has what is behind {recovered.Start.Index}, up to {Logged}");
        }

        foreach (LogEntry entry in recovered.Entries)
        {
            if (entry.Index > Applied)
            {
                await ApplyAsync(GraphCommand.Decode(entry.Payload.Span), stop);
                _platform.Probes.Reachable("storage-graph.replayed");
            }
        }

        _log.ReleaseRecovered();
    }
}
