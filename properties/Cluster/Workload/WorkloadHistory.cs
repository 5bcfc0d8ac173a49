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
    }

    public IReadOnlyList<CounterHistory> Counters { get; }

    public IReadOnlyList<RegisterHistory> Registers { get; }

    public IReadOnlyList<ItemHistory> Items { get; }

    /// <summary>Node of each counter; empty until they are created.</summary>
    public IReadOnlyList<ElementId> CounterNodes { get; set; } = [];

    /// <summary>Node of each client, which carries its register and owns its items; null until created.</summary>
    public ElementId?[] Roots { get; }

    /// <summary>Checks a final graph against everything that was acknowledged, refused or left unknown.</summary>
    public void Audit(GraphState graph)
    {
        for (int i = 0; i < CounterNodes.Count; i++)
        {
            Counters[i].Audit(NumberAt(graph, CounterNodes[i], CounterKey));
        }

        for (int i = 0; i < Roots.Length; i++)
        {
            if (Roots[i] is { } root)
            {
                Registers[i].Audit(NumberAt(graph, root, RegisterKey));
                AuditItems(graph, i, root);
            }
        }

        AuditAdjacency(graph);
    }

    private static long NumberAt(GraphState graph, ElementId node, string key) =>
        graph.FindNode(node) is { } found && found.Properties.TryGet(key, out PropertyValue value) ? value.AsInt64() : 0;

    private void AuditItems(GraphState graph, int client, ElementId root)
    {
        var found = new List<(int, ElementId)>();
        var owned = graph.ListEdges(root, EdgeDirection.Outgoing).Select(edge => edge.To).ToHashSet();
        foreach (GraphNode node in graph.ListNodes())
        {
            if (!node.Labels.Contains(ItemLabel) || !node.Properties.TryGet(OwnerKey, out PropertyValue owner) || owner.AsInt64() != client)
            {
                continue;
            }

            node.Properties.TryGet(NumberKey, out PropertyValue number);
            found.Add(((int)number.AsInt64(), node.Id));
            if (!owned.Remove(node.Id))
            {
                _world.Fail(ViolationClass.Safety, "history.half-applied", $"item {number.AsInt64()} of client {client + 1} is there without its edge");
            }
        }

        if (owned.Count > 0)
        {
            _world.Fail(ViolationClass.Safety, "history.half-applied", $"client {client + 1} owns {owned.Count} edges without an item");
        }

        Items[client].Audit(found);
    }

    private void AuditAdjacency(GraphState graph)
    {
        long ends = 0;
        foreach (GraphNode node in graph.ListNodes())
        {
            ends += graph.ListEdges(node.Id, EdgeDirection.Outgoing).Count + graph.ListEdges(node.Id, EdgeDirection.Incoming).Count;
        }

        IReadOnlyList<GraphEdge> edges = graph.ListEdges();
        if (ends != 2L * edges.Count || edges.Any(edge => graph.FindNode(edge.From) is null || graph.FindNode(edge.To) is null))
        {
            _world.Fail(ViolationClass.Safety, "graph.adjacency", $"{edges.Count} edges have {ends} ends in the adjacency of nodes");
        }
    }
}
