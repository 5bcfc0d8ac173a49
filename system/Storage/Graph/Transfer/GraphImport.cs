// Reads JSON lines and creates what they say through ordinary commands, so that it works on a store and on a cluster alike. Nodes come before
// edges; the ids that nodes get are remembered until the end, 16 bytes and some for each node.

using System.Globalization;
using System.Text.Json;

namespace SimGraph.Storage.Graph;

/// <summary>Imports a graph. Used once.</summary>
/// <param name="source">The file.</param>
/// <param name="apply">Applies a command, and says what became of it.</param>
public sealed class GraphImport(Stream source, Func<GraphCommand, CancellationToken, ValueTask<GraphOutcome>> apply)
{
    private const int OperationsMax = 512;
    private const int CommandBytesMax = 256 * 1024;

    private readonly JsonLineReader _lines = new(source);
    private readonly Dictionary<ElementId, ElementId> _nodes = [];
    private readonly List<GraphOperation> _operations = [];
    private readonly List<ElementId> _created = [];
    private long _bytes;
    private long _edges;
    private int _indexes;
    private long _commands;

    /// <summary>Imports everything, or throws; commands that were applied before stay.</summary>
    /// <exception cref="GraphImportException">The file is not an export, or not whole, or a command was refused.</exception>
    public async Task<GraphImportSummary> ReadAsync(CancellationToken cancellation)
    {
        (long nodes, long edges, long indexes) = await ReadHeaderAsync(cancellation);
        long indexLines = 0;
        while (await _lines.ReadAsync(cancellation) is { } line)
        {
            (GraphOperation operation, ElementId id) = Parse(line);
            switch (operation)
            {
                case DefineIndex define when _nodes.Count == 0 && _edges == 0 && _created.Count == 0:
                    indexLines++;
                    await DefineAsync(define, cancellation);
                    break;
                case CreateNode create when _edges == 0:
                    await CreateAsync(create, id, cancellation);
                    break;
                case CreateEdge create:
                    if (_edges++ == 0)
                    {
                        await FlushAsync(cancellation);
                    }

                    await CreateAsync(Resolve(create), cancellation);
                    break;
                default:
                    throw Bad("the lines are not in the order indexes, nodes, edges");
            }
        }

        await FlushAsync(cancellation);
        return (_nodes.Count, _edges, indexLines) == (nodes, edges, indexes)
            ? new GraphImportSummary(_nodes.Count, _edges, _indexes, _commands)
            : throw Bad(string.Create(
                CultureInfo.InvariantCulture,
                $"the header promises {nodes} nodes, {edges} edges and {indexes} indexes, and there are {_nodes.Count}, {_edges} and {indexLines}"));
    }

    private static ElementId Id(JsonElement line, string member) =>
        new(ulong.Parse(line.GetProperty(member).GetString()!, NumberStyles.None, CultureInfo.InvariantCulture));

    private async Task<(long Nodes, long Edges, long Indexes)> ReadHeaderAsync(CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> line = await _lines.ReadAsync(cancellation) ?? throw Bad("the file is empty");
        return Checked(line, header => header.GetProperty("format").GetString() == GraphExport.Format
            && header.GetProperty("version").GetInt32() == GraphExport.Version
            ? (header.GetProperty("nodes").GetInt64(), header.GetProperty("edges").GetInt64(), header.GetProperty("indexes").GetInt64())
            : throw new FormatException($"it is not the header of an export of version {GraphExport.Version}"));
    }

    private (GraphOperation Operation, ElementId Id) Parse(ReadOnlyMemory<byte> line) => Checked(line, static root =>
    {
        if (root.TryGetProperty("node", out _))
        {
            string[] labels = [.. root.GetProperty("labels").EnumerateArray().Select(static label => label.GetString()!)];
            CreateNode node = new(LabelSet.Of(labels), PropertyJson.Read(root.GetProperty("properties")));
            return ((GraphOperation)node, Id(root, "node"));
        }

        if (root.TryGetProperty("edge", out _))
        {
            CreateEdge edge = new(
                Id(root, "from"), Id(root, "to"), root.GetProperty("type").GetString()!, PropertyJson.Read(root.GetProperty("properties")));
            return (edge, Id(root, "edge"));
        }

        ElementKind target = root.GetProperty("index").GetString() switch
        {
            "node" => ElementKind.Node,
            "edge" => ElementKind.Edge,
            _ => throw new FormatException("an index is neither on nodes nor on edges"),
        };
        return (new DefineIndex(target, root.GetProperty("key").GetString()!), default);
    });

    /// <summary>Everything that a wrong line can make the parser throw becomes one exception that names the line.</summary>
    private T Checked<T>(ReadOnlyMemory<byte> line, Func<JsonElement, T> parse)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return parse(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException or InvalidOperationException
            or KeyNotFoundException or OverflowException)
        {
            throw new GraphImportException(_lines.Line, exception.Message.TrimEnd('.'), exception);
        }
    }

    private async ValueTask DefineAsync(DefineIndex define, CancellationToken cancellation)
    {
        GraphOutcome outcome = await apply(new GraphCommand(define), cancellation);
        _commands++;
        _indexes += outcome.IsApplied ? 1 : 0;
        if (!outcome.IsApplied && outcome.Error != GraphError.IndexExists)
        {
            throw Bad($"the index on {define.Key} was refused: {outcome}");
        }
    }

    private async ValueTask CreateAsync(CreateNode create, ElementId id, CancellationToken cancellation)
    {
        if (!_nodes.TryAdd(id, default))
        {
            throw Bad($"node {id} comes twice");
        }

        // A node may have as many bytes as a command, and then needs several.
        bool isLarge = create.Properties.EncodedBytes > CommandBytesMax;
        _created.Add(id);
        await AddAsync(isLarge ? new CreateNode(create.Labels, PropertyMap.Empty) : create, cancellation);
        if (isLarge)
        {
            await FlushAsync(cancellation);
            ElementId created = _nodes[id];
            await AddAllAsync(create.Properties, (key, value) => new SetNodeProperty(created, key, value), cancellation);
        }
    }

    private async ValueTask CreateAsync(CreateEdge create, CancellationToken cancellation)
    {
        if (create.Properties.EncodedBytes <= CommandBytesMax)
        {
            await AddAsync(create, cancellation);
            return;
        }

        await FlushAsync(cancellation);
        GraphOutcome outcome = await ApplyAsync(
            new GraphCommand(new CreateEdge(create.From, create.To, create.Type, PropertyMap.Empty)), cancellation);
        ElementId created = outcome.Results[0].Element;
        await AddAllAsync(create.Properties, (key, value) => new SetEdgeProperty(created, key, value), cancellation);
    }

    private async ValueTask AddAllAsync(
        PropertyMap properties, Func<string, PropertyValue, GraphOperation> set, CancellationToken cancellation)
    {
        foreach (KeyValuePair<string, PropertyValue> property in properties)
        {
            await AddAsync(set(property.Key, property.Value), cancellation);
        }

        await FlushAsync(cancellation);
    }

    private CreateEdge Resolve(CreateEdge edge) =>
        _nodes.TryGetValue(edge.From.Id, out ElementId from) && _nodes.TryGetValue(edge.To.Id, out ElementId to)
            ? new CreateEdge(from, to, edge.Type, edge.Properties)
            : throw Bad("an edge has an end that is no node of the file");

    private async ValueTask AddAsync(GraphOperation operation, CancellationToken cancellation)
    {
        _operations.Add(operation);
        _bytes += operation.BodyBytes;
        if (_operations.Count == OperationsMax || _bytes >= CommandBytesMax)
        {
            await FlushAsync(cancellation);
        }
    }

    private async ValueTask FlushAsync(CancellationToken cancellation)
    {
        if (_operations.Count == 0)
        {
            return;
        }

        GraphOutcome outcome = await ApplyAsync(new GraphCommand([.. _operations]), cancellation);
        for (int i = 0; i < _created.Count; i++)
        {
            _nodes[_created[i]] = outcome.Results[i].Element;
        }

        _created.Clear();
        _operations.Clear();
        _bytes = 0;
    }

    private async ValueTask<GraphOutcome> ApplyAsync(GraphCommand command, CancellationToken cancellation)
    {
        GraphOutcome outcome = await apply(command, cancellation);
        _commands++;
        return outcome.IsApplied ? outcome : throw Bad($"a command that ends with this line was refused: {outcome}");
    }

    private GraphImportException Bad(string reason) => new(_lines.Line, reason);
}
