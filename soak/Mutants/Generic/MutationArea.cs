namespace SimGraph.Soak.Mutants.Generic;

/// <summary>A part of the system in which mistakes are made, and what explores it.</summary>
/// <param name="Assembly">Name of the file without its ending.</param>
/// <param name="Namespace">Types in it, not in those below it.</param>
/// <param name="Scenarios">In order; they share the time.</param>
internal sealed record MutationArea(string Assembly, string Namespace, params string[] Scenarios)
{
    /// <summary>Namespaces of its unit tests, with a star for those below them.</summary>
    public IReadOnlyList<string> Tests => Assembly == "SimGraph.Runtime"
        ? ["SimGraph.Tests.Runtime*", "SimGraph.Tests.Conformance*", "SimGraph.Tests.Stops*"]
        : [$"SimGraph.Tests.{Assembly["SimGraph.".Length..]}*"];

    /// <summary>Consensus, the node around it, the log, storage and task scopes.</summary>
    public static IReadOnlyList<MutationArea> All { get; } =
    [
        new("SimGraph.Cluster", "SimGraph.Cluster.Consensus", "cluster"),
        new("SimGraph.Replication", "SimGraph.Replication.Node", "cluster"),
        new("SimGraph.Replication", "SimGraph.Replication.StateMachine", "cluster"),
        new("SimGraph.Storage", "SimGraph.Storage.Log", "storage-wal", "cluster"),
        new("SimGraph.Storage", "SimGraph.Storage.Lsm", "storage-lsm", "storage-kv"),
        new("SimGraph.Storage", "SimGraph.Storage.Graph", "storage-graph"),
        new("SimGraph.Storage", "SimGraph.Storage.Audit", "storage-audit"),
        new("SimGraph.Runtime", "SimGraph.Runtime.Tasks", "primitives", "query", "cluster"),
        new("SimGraph.Runtime", "SimGraph.Runtime.Concurrency", "primitives", "query", "cluster"),
    ];
}
