// The property graph in the key spaces of an LSM tree (docs/formats.md): a deterministic function of the commands that were applied.
// It owns no task and writes nothing itself: a command becomes changes of a batch, to which the owner adds its own
// keys (sessions, applied position), and which it gives to the tree under the index of the log entry. So graph and position move together.
//
// A command that is refused leaves the batch as it was, and so does a read that fails. One owner prepares and applies, one command at a time;
// queries may run beside it, each on one state: the tree's last one when it begins, or a snapshot.

using SimGraph.Runtime;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Lsm;

namespace SimGraph.Storage.Graph;

/// <summary>A property graph in a tree.</summary>
public sealed class GraphStore
{
    private readonly LsmTree _tree;
    private readonly PendingChanges _changes = new();
    private readonly ChangeLoader _loader;
    private readonly ChangeApplier _applier;
    private readonly ChangeWriter _writer;
    private GraphCounters _counters;
    private IndexSet _indexes = IndexSet.Empty;
    private GraphCounters _preparedCounters;
    private IndexSet _preparedIndexes = IndexSet.Empty;
    private bool _isLoaded;
    private bool _isPrepared;

    /// <summary>A store over a tree; <see cref="LoadAsync"/> comes first.</summary>
    /// <param name="tree">An open tree, whose key spaces of docs/formats.md belong to this store.</param>
    /// <param name="probes">Where it reports.</param>
    public GraphStore(LsmTree tree, IProbes probes)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(probes);
        _tree = tree;
        _loader = new ChangeLoader(tree, _changes);
        _applier = new ChangeApplier(_changes, Names, probes);
        _writer = new ChangeWriter(tree, _changes, Names);
    }

    /// <summary>Names that it has met, for decoding commands without new strings. For the owner only.</summary>
    public NameTable Names { get; } = new();

    /// <summary>How many nodes there are after the last applied command.</summary>
    public long NodeCount => _counters.Nodes;

    /// <summary>How many edges there are after the last applied command.</summary>
    public long EdgeCount => _counters.Edges;

    /// <summary>Hash of the content after the last applied command: equal graphs have equal digests, whatever their history and their files.</summary>
    public UInt128 Digest => _counters.Digest;

    /// <summary>The indexes after the last applied command, in order.</summary>
    public IReadOnlyList<IndexDefinition> Indexes
    {
        get
        {
            IndexSet indexes = _indexes;
            var definitions = new IndexDefinition[indexes.Count];
            for (int i = 0; i < definitions.Length; i++)
            {
                definitions[i] = indexes[i].Definition;
            }

            return definitions;
        }
    }

    /// <summary>
    /// Hash of one pair, as it is summed up in the digest: for an owner whose own pairs are to be in a digest of its own.
    /// </summary>
    public static UInt128 HashOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        PairBuffer pair = new(key.Length + value.Length);
        key.CopyTo(pair.Take(key.Length));
        value.CopyTo(pair.Take(value.Length));
        return pair.Hash;
    }

    /// <summary>Reads counters, digest and indexes: first of all, and again when the content of the tree was replaced.</summary>
    /// <exception cref="GraphStoreCorruptException">The tree holds something else.</exception>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        using LsmSnapshot snapshot = _tree.TakeSnapshot();
        GraphReader reader = new(_tree, snapshot);
        GraphCounters counters = await reader.ReadCountersAsync(cancellation);
        _indexes = await reader.ReadIndexesAsync(cancellation);
        _counters = counters;
        _isPrepared = false;
        _isLoaded = true;
    }

    /// <summary>Fills a batch with the changes of a command, or refuses the command and leaves the batch as it is.</summary>
    /// <param name="command">What to do.</param>
    /// <param name="logIndex">Index of its log entry, from 1; greater than that of any command before.</param>
    /// <param name="batch">Gets the changes. When it is applied, and only then, <see cref="Applied"/> is called.</param>
    /// <param name="cancellation">Gives up reading.</param>
    public async ValueTask<GraphOutcome> PrepareAsync(GraphCommand command, ulong logIndex, WriteBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(batch);
        Invariant.Check(_isLoaded, "a graph store is loaded before it is used");
        Invariant.Check(logIndex is > 0 and <= ElementId.LogIndexMax, "ids are made from a log index that leaves room for the ordinal");
        _isPrepared = false;
        _changes.Start(_indexes);
        int loaded = await _loader.LoadAsync(command, logIndex, _counters, cancellation);
        GraphOutcome outcome = _applier.Apply(command, logIndex, loaded, _counters);
        if (outcome.IsApplied)
        {
            (_preparedCounters, _preparedIndexes) = await _writer.WriteAsync(batch, _counters, _indexes, cancellation);
            _isPrepared = true;
        }

        return outcome;
    }

    /// <summary>The batch of the last <see cref="PrepareAsync"/> is in the tree. Does nothing when that refused its command.</summary>
    public void Applied()
    {
        if (_isPrepared)
        {
            _counters = _preparedCounters;
            _indexes = _preparedIndexes;
            _isPrepared = false;
        }
    }

    /// <summary>Answers a query.</summary>
    /// <param name="query">The question.</param>
    /// <param name="at">The state to answer from; null: the last one. Each answer is from one state.</param>
    /// <param name="cancellation">Gives up reading.</param>
    public async ValueTask<GraphAnswer> AskAsync(GraphQuery query, LsmSnapshot? at, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query switch
        {
            // One read needs no snapshot.
            GetNode or GetEdge or CountNodes => await new GraphReader(_tree, at).AskAsync(query, cancellation),
            _ when at is not null => await new GraphReader(_tree, at).AskAsync(query, cancellation),
            _ => await AskAsync(query, cancellation),
        };
    }

    /// <summary>Pins the state after the last applied command. Dispose it: until then nothing that it can see is dropped.</summary>
    public LsmSnapshot TakeSnapshot() => _tree.TakeSnapshot();

    /// <summary>The nodes with ids from <paramref name="first"/> to <paramref name="last"/>, both in the range.</summary>
    /// <param name="first">The first id; to go on, the one behind the last node of the page before.</param>
    /// <param name="last">The last id.</param>
    /// <param name="limit">How many at most, 1 to <see cref="GraphLimits.ElementsPerAnswerMax"/>.</param>
    /// <param name="at">The state to answer from.</param>
    /// <param name="cancellation">Gives up reading.</param>
    public async ValueTask<NodePage> ListNodesAsync(
        ElementId first, ElementId last, int limit, LsmSnapshot at, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, GraphLimits.ElementsPerAnswerMax);
        ArgumentNullException.ThrowIfNull(at);
        return first > last ? new NodePage([], More: false) : await new GraphReader(_tree, at).ListNodesAsync(first, last, limit, cancellation);
    }

    /// <summary>
    /// Proves from a scan that adjacency, indexes, counters and digest are exactly what follows from the elements. Reads everything.
    /// </summary>
    public async Task<GraphVerification> VerifyAsync(CancellationToken cancellation)
    {
        using LsmSnapshot snapshot = _tree.TakeSnapshot();
        return await new GraphVerifier(_tree, snapshot).VerifyAsync(cancellation);
    }

    /// <summary>Writes the graph as JSON lines, see docs/formats.md; <see cref="GraphImport"/> reads them. Writes go on meanwhile.</summary>
    /// <param name="target">Gets the lines; it is neither flushed nor closed.</param>
    /// <param name="at">The state to export; null: the last one.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task ExportAsync(Stream target, LsmSnapshot? at, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (at is not null)
        {
            await new GraphExport(_tree, at, target).WriteAsync(cancellation);
            return;
        }

        using LsmSnapshot snapshot = _tree.TakeSnapshot();
        await new GraphExport(_tree, snapshot, target).WriteAsync(cancellation);
    }

    private async ValueTask<GraphAnswer> AskAsync(GraphQuery query, CancellationToken cancellation)
    {
        using LsmSnapshot snapshot = _tree.TakeSnapshot();
        return await new GraphReader(_tree, snapshot).AskAsync(query, cancellation);
    }
}
