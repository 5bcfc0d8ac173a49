using SimGraph.Properties.Linearizability.Models;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Cluster.Workload;

/// <summary>What all clients did, what they may see, and the audit of the final graph.</summary>
internal sealed class WorkloadHistory
{
    public const string OwnerKey = "owner";
    public const string NumberKey = "number";
    public const string CounterKey = "count";
    public const string RegisterKey = "register";
    public const string ItemLabel = "item";
    public const string OwnsType = "owns";

    private readonly World _world;

    public WorkloadHistory(World world, int counters, int clients)
    {
        _world = world;
        Counters = [.. Enumerable.Range(0, counters).Select(number => new CounterHistory(world, $"counter {number}"))];
        Registers = [.. Enumerable.Range(0, clients).Select(number => new RegisterHistory(world, $"register of client {number + 1}"))];
        Items = [.. Enumerable.Range(0, clients).Select(number => new ItemHistory(world, $"items of client {number + 1}"))];
        Roots = new ElementId?[clients];
        Accepted = new AcceptedWrites(world);
        Clients = new ClientHistory(Accepted);
    }

    /// <summary>What clients asked and were told, for the linearizability checker.</summary>
    public ClientHistory Clients { get; }

    /// <summary>Writes that were acknowledged before they were replicated.</summary>
    public AcceptedWrites Accepted { get; }

    public IReadOnlyList<CounterHistory> Counters { get; }

    public IReadOnlyList<RegisterHistory> Registers { get; }

    public IReadOnlyList<ItemHistory> Items { get; }

    /// <summary>Node of each counter; empty until they are created.</summary>
    public IReadOnlyList<ElementId> CounterNodes { get; set; } = [];

    /// <summary>Node of each client, which carries its register and owns its items; null until created.</summary>
    public ElementId?[] Roots { get; }

    /// <summary>A counter, as histories name it.</summary>
    public static GraphAction OnCounter(GraphActionKind kind, int counter) => new(kind, $"counter{counter}", CounterKey);

    /// <summary>The register of a client, as histories name it.</summary>
    public static GraphAction OnRegister(GraphActionKind kind, int client) => new(kind, RootName(client), RegisterKey);

    /// <summary>The node of a client, as histories name it.</summary>
    public static string RootName(int client) => $"client{client + 1}";

    /// <summary>An item, as histories name it.</summary>
    public static string ItemName(int client, int item) => $"client{client + 1}/{item}";

    /// <summary>Checks a final graph against everything that was acknowledged, refused or left unknown.</summary>
    public async Task AuditAsync(GraphStore graph, CancellationToken cancellationToken)
    {
        for (int i = 0; i < CounterNodes.Count; i++)
        {
            long count = NumberOf(await FindAsync(graph, CounterNodes[i], cancellationToken), CounterKey);
            Record(OnCounter(GraphActionKind.Get, i), count);
            Counters[i].Audit(count);
        }

        for (int i = 0; i < Roots.Length; i++)
        {
            if (Roots[i] is { } root)
            {
                long value = NumberOf(await FindAsync(graph, root, cancellationToken), RegisterKey);
                Record(OnRegister(GraphActionKind.Get, i), value);
                Registers[i].Audit(value);
            }
        }

        await AuditItemsAsync(graph, cancellationToken);
    }

    /// <summary>The final state is one more read of everything, by one more client.</summary>
    private void Record(GraphAction read, long number) => Clients.Return(Clients.Call(Roots.Length + 1, read), read.Answered(number));

    private static long NumberOf(GraphNode? node, string key) =>
        node is not null && node.Properties.TryGet(key, out PropertyValue value) ? value.AsInt64() : 0;

    private static async Task<GraphNode?> FindAsync(GraphStore graph, ElementId node, CancellationToken cancellationToken) =>
        ((NodeAnswer)await graph.AskAsync(new GetNode(node), at: null, cancellationToken)).Node;

    private static async Task<SortedSet<ElementId>> OwnedByAsync(GraphStore graph, ElementId root, CancellationToken cancellationToken)
    {
        var owned = new SortedSet<ElementId>();
        ElementId last = default;
        while (true)
        {
            var page = (NeighboursAnswer)await graph.AskAsync(new Neighbours(root, EdgeDirection.Outgoing, OwnsType, last), at: null, cancellationToken);
            foreach (Neighbour neighbour in page.Neighbours)
            {
                owned.Add(neighbour.Node);
                last = neighbour.Edge;
            }

            if (!page.More)
            {
                return owned;
            }
        }
    }

    private async Task AuditItemsAsync(GraphStore graph, CancellationToken cancellationToken)
    {
        var owned = new SortedSet<ElementId>?[Roots.Length];
        for (int client = 0; client < Roots.Length; client++)
        {
            owned[client] = Roots[client] is { } root ? await OwnedByAsync(graph, root, cancellationToken) : null;
            if (owned[client] is { } items)
            {
                Clients.Return(Clients.Call(Roots.Length + 1, new GraphAction(GraphActionKind.Neighbours, RootName(client))), [.. items]);
            }
        }

        List<(int, ElementId)>[] found = [.. Roots.Select(static _ => new List<(int, ElementId)>())];
        ElementId last = default;
        for (bool more = true; more;)
        {
            var page = (ElementsAnswer)await graph.AskAsync(new FindByLabel(ItemLabel, last), at: null, cancellationToken);
            foreach (ElementId id in page.Elements)
            {
                last = id;
                GraphNode? node = await FindAsync(graph, id, cancellationToken);
                long client = NumberOf(node, OwnerKey);
                long number = NumberOf(node, NumberKey);
                if (client < 0 || client >= found.Length)
                {
                    _world.Fail(ViolationClass.Safety, "history.invented", $"item {number} is there, and its owner would be client {client + 1}");
                    return;
                }

                found[client].Add(((int)number, id));
                Clients.Name(id, ItemName((int)client, (int)number));
                if (owned[client] is { } edges && !edges.Remove(id))
                {
                    _world.Fail(ViolationClass.Safety, "history.half-applied", $"item {number} of client {client + 1} is there without its edge");
                }
            }

            more = page.More;
        }

        for (int client = 0; client < Roots.Length; client++)
        {
            if (owned[client] is not { } edges)
            {
                continue;
            }

            if (edges.Count > 0)
            {
                _world.Fail(ViolationClass.Safety, "history.half-applied", $"client {client + 1} owns {edges.Count} edges without an item");
            }

            Items[client].Audit(found[client]);
        }
    }
}
