// Export and import. What is exported and imported again is the same graph with other ids; a transfer that is cut short, breaks off, or is told to give up, says so, and never counts as whole; memory stays
// bounded. The importing side applies commands to a model, so that nothing but the transfer is under test there.

using SimGraph.Properties.Storage.Graph.Model;
using SimGraph.Runtime;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Storage.Graph;

/// <summary>Exports what a store holds, and imports it.</summary>
internal sealed class GraphTransfer(IPlatform platform, GraphState model, GraphStore store, LsmSnapshot? at, IReadOnlyList<int> numbers)
{
    private const int PieceBytes = 64 << 10;
    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private int _drawn;

    /// <summary>Transfers it in one of the ways in which a transfer ends.</summary>
    /// <exception cref="StorageViolationException">A promise was broken.</exception>
    public async Task CheckAsync(CancellationToken stop)
    {
        var target = new TransferStream(platform, []);
        await store.ExportAsync(target, at, stop);
        byte[] file = target.Written;
        CheckPieces(file, target.LongestPiece);
        switch (Next(8))
        {
            case 0:
                await BreakOffAsync(stop);
                break;
            case 1:
                await CutShortAsync(file, stop);
                break;
            case 2:
                await GiveUpAsync("an export", token => store.ExportAsync(new TransferStream(platform, []) { HangsAt = 1 }, at, token), stop);
                break;
            case 3:
                await GiveUpImportAsync(file, stop);
                break;
            default:
                await CompareAsync(file, stop);
                break;
        }

        platform.Probes.Reachable("storage-graph.transferred");
    }

    private static void CheckPieces(byte[] file, int longest)
    {
        int longestLine = 0;
        for (int from = 0; from < file.Length;)
        {
            int line = file.AsSpan(from).IndexOf((byte)'\n') + 1;
            Require(line > 0, "transfer-torn", "an export does not end with a line");
            longestLine = Math.Max(longestLine, line);
            from += line;
        }

        Require(longest <= PieceBytes + longestLine, "transfer-in-one-piece", $"an export of {file.Length} bytes has a piece of {longest}");
    }

    private static void Require(bool condition, string name, string message)
    {
        if (!condition)
        {
            throw new StorageViolationException($"graph.{name}", message);
        }
    }

    private async Task BreakOffAsync(CancellationToken stop)
    {
        try
        {
            await store.ExportAsync(new TransferStream(platform, []) { FailsAt = 1 }, at, stop);
        }
        catch (IOException)
        {
            return;
        }

        Require(false, "part-as-whole", "an export whose target failed has ended as if it were whole");
    }

    private async Task CutShortAsync(byte[] file, CancellationToken stop)
    {
        int length = Next(file.Length);
        try
        {
            await ImportAsync(new TransferStream(platform, file[..length]) { PieceBytes = DrawPiece() }, stop);
        }
        catch (GraphImportException)
        {
            return;
        }

        Require(false, "part-as-whole", $"the first {length} of {file.Length} bytes were imported as if they were all");
    }

    private async Task GiveUpImportAsync(byte[] file, CancellationToken stop)
    {
        bool sourceHangs = Next(2) == 0;
        int piece = DrawPiece();
        int reads = 1 + (file.Length / piece);
        var source = new TransferStream(platform, file) { PieceBytes = piece, HangsAt = sourceHangs ? 1 + Next(Math.Min(reads, 64)) : 0 };
        var imported = new GraphState(new NoProbes());
        ulong index = 0;
        await GiveUpAsync(
            "an import",
            token => new GraphImport(source, async (command, applying) =>
            {
                // A cluster without a leader.
                if (!sourceHangs)
                {
                    await platform.Clock.DelayAsync(TimeSpan.FromDays(1), applying);
                }

                return imported.Apply(command, ++index);
            }).ReadAsync(token),
            stop,
            mayEnd: !sourceHangs && model.NodeCount == 0 && model.ListIndexes().Count == 0);
    }

    private async Task GiveUpAsync(string what, Func<CancellationToken, Task> transfer, CancellationToken stop, bool mayEnd = false)
    {
        TimeSpan begun = platform.Clock.Elapsed();
        using Deadline deadline = Deadline.After(platform.Clock, GivesUpAfter, stop);
        try
        {
            await transfer(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.Token.IsCancellationRequested)
        {
            Require(platform.Clock.Elapsed() - begun < Soon, "gives-up-late", $"{what} ended {platform.Clock.Elapsed() - begun} after it began, and was to give up after {GivesUpAfter}");
            return;
        }
        catch (GraphImportException) when (mayEnd)
        {
            return;
        }

        Require(mayEnd, "part-as-whole", $"{what} that was told to give up has ended as if it were whole");
    }

    private async Task CompareAsync(byte[] file, CancellationToken stop)
    {
        (GraphState imported, GraphImportSummary summary) = await ImportAsync(new TransferStream(platform, file) { PieceBytes = DrawPiece() }, stop);
        IReadOnlyList<GraphNode> nodes = model.ListNodes();
        IReadOnlyList<GraphEdge> edges = model.ListEdges();
        Require(
            (summary.Nodes, summary.Edges, summary.Indexes) == (nodes.Count, edges.Count, model.ListIndexes().Count),
            "transfer",
            $"{summary} of {nodes.Count} nodes, {edges.Count} edges, {model.ListIndexes().Count} indexes");
        Require(imported.ListIndexes().Order().SequenceEqual(model.ListIndexes().Order()), "transfer", "the indexes are others");
        IReadOnlyList<GraphNode> newNodes = imported.ListNodes();
        var ids = new Dictionary<ElementId, ElementId>();
        for (int i = 0; i < nodes.Count; i++)
        {
            ids[nodes[i].Id] = newNodes[i].Id;
            Require(
                nodes[i].Labels.Equals(newNodes[i].Labels) && nodes[i].Properties.Equals(newNodes[i].Properties),
                "transfer",
                $"node {nodes[i].Id} was {nodes[i]}, and arrived as {newNodes[i]}");
        }

        IReadOnlyList<GraphEdge> newEdges = imported.ListEdges();
        for (int i = 0; i < edges.Count; i++)
        {
            GraphEdge expected = edges[i];
            GraphEdge edge = newEdges[i];
            Require(
                (ids[expected.From], ids[expected.To], expected.Type) == (edge.From, edge.To, edge.Type) && expected.Properties.Equals(edge.Properties),
                "transfer",
                $"edge {expected.Id} was {expected}, and arrived as {edge}");
        }
    }

    private static async Task<(GraphState Imported, GraphImportSummary Summary)> ImportAsync(Stream source, CancellationToken stop)
    {
        var imported = new GraphState(new NoProbes());
        ulong index = 0;
        GraphImportSummary summary = await new GraphImport(source, (command, _) => ValueTask.FromResult(imported.Apply(command, ++index))).ReadAsync(stop);
        Require(summary.Commands == (long)index, "transfer", $"an import of {index} commands says that it took {summary.Commands}");
        return (imported, summary);
    }

    private int DrawPiece() => Next(2) == 0 ? 1 + Next(100) : 1 + Next(100_000);

    private int Next(int bound) => numbers[_drawn++ % numbers.Count] % bound;
}
