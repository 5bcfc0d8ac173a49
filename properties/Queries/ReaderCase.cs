using SimGraph.Query;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Queries;

/// <summary>One random pipeline over one state of the graph, and all that it must give.</summary>
internal sealed class ReaderCase
{
    private const int StagesMax = 3;
    private static readonly TimeSpan StubbornTime = TimeSpan.FromMilliseconds(20);
    private static readonly ElementId Absent = new(77);
    private readonly QueryMachine _machine;
    private readonly Random _random;
    private bool _lingers;
    private int _running;

    public ReaderCase(QueryMachine machine, Random random, TaskScope scope, GraphView view)
    {
        _machine = machine;
        _random = random;
        Pool = machine.Pools.Pool;
        _lingers = random.Next(10) == 0;
        GraphPicture picture = machine.PictureAt(view.Index);
        var queries = new GraphQueries(
            scope, new QueryOptions { PageSize = machine.Plan.PageSize, Stream = new StreamOptions { Capacity = machine.Plan.Capacity } });
        (Stream, Expected) = random.Next(4) switch
        {
            0 => (queries.Nodes(view).Map(GraphPicture.Describe), picture.DescribeNodes(null)),
            1 => WithLabel(queries, view, picture, GraphWriter.Names[random.Next(GraphWriter.Names.Length)]),
            _ => Traversal(queries, view, picture),
        };
        for (int i = random.Next(1 + StagesMax); i > 0; i--)
        {
            AddStage();
        }
    }

    /// <summary>The last stage.</summary>
    public ResultStream<string> Stream { get; private set; }

    /// <summary>What it gives.</summary>
    public List<string> Expected { get; private set; }

    /// <summary>The pool that it uses, if it uses one.</summary>
    public WorkerPool Pool { get; }

    public bool UsesPool { get; private set; }

    /// <summary>The traversal begins at a node that is not there.</summary>
    public bool StartsNowhere { get; private set; }

    /// <summary>Stages, the source included.</summary>
    public int Stages { get; private set; } = 2;

    private bool HasEnded { get; set; }

    /// <summary>The stream was disposed: nothing of it runs, and nothing begins any more.</summary>
    public void End()
    {
        _machine.Check(_running == 0, "stage-outlived-disposal", $"{_running} calls of a parallel stage run after its disposal");
        HasEnded = true;
    }

    private static (ResultStream<string> Stream, List<string> Expected) WithLabel(
        GraphQueries queries, GraphView view, GraphPicture picture, string label) =>
        (queries.NodesWithLabel(view, label).Map(GraphPicture.Describe), picture.DescribeNodes(label));

    private (ResultStream<string> Stream, List<string> Expected) Traversal(GraphQueries queries, GraphView view, GraphPicture picture)
    {
        ElementId start = picture.Nodes.Count > 0 && _random.Next(20) > 0 ? picture.Nodes[_random.Next(picture.Nodes.Count)].Id : Absent;
        StartsNowhere = !picture.Has(start);
        var traversal = new TraversalOptions(
            _random.Next(6),
            (EdgeDirection)(1 + _random.Next(3)),
            _random.Next(3) == 0 ? GraphWriter.Names[_random.Next(GraphWriter.Names.Length)] : null);
        UsesPool = _random.Next(2) == 0;
        return (queries.Traverse(view, start, traversal, UsesPool ? Pool : null).Map(GraphPicture.Describe), picture.DescribeTraversal(start, traversal));
    }

    private void AddStage()
    {
        Stages++;
        switch (_random.Next(4))
        {
            case 0:
                Stream = Stream.Filter(Keeps);
                Expected = [.. Expected.Where(Keeps)];
                break;
            case 1:
                int size = 1 + _random.Next(4);
                Stream = Stream.Batch(size).Map(batch => string.Join('|', batch));
                Expected = [.. Expected.Chunk(size).Select(batch => string.Join('|', batch))];
                Stages++;
                break;
            case 2:
                Stream = Stream.Map(text => text + "'");
                Expected = [.. Expected.Select(text => text + "'")];
                break;
            default:
                UsesPool = true;
                Stages++;
                Stream = Stream.MapParallel(Pool, 1 + _random.Next(4), MarkAsync);
                Expected = [.. Expected.Select(text => text + "*")];
                break;
        }
    }

    private static bool Keeps(string text) => text[^1] % 3 != 0;

    private async Task<string> MarkAsync(string text, CancellationToken cancellation)
    {
        _machine.Check(!HasEnded, "stage-ran-after-disposal", "a parallel stage called its function after its disposal had returned");
        _running++;
        try
        {
            if (_lingers)
            {
                _lingers = false;
                await _machine.LingerAsync(cancellation);
            }
            else if (_random.Next(20) == 0)
            {
                // Does not listen; the disposal waits for it.
                await _machine.Platform.Clock.DelayAsync(StubbornTime, CancellationToken.None);
            }
            else
            {
                await _machine.PauseAsync(_random, cancellation);
            }
        }
        finally
        {
            _running--;
        }

        return text + "*";
    }
}
