using System.Text.Json.Serialization;
using SimGraph.Properties.Storage.Audit;
using SimGraph.Properties.Storage.Graph;
using SimGraph.Properties.Storage.Trees;
using SimGraph.Properties.Storage.Wal;

namespace SimGraph.Properties.Storage;

/// <summary>What is done with a component, and on which options of it: all of it is drawn before there is a world, and none of its operations depends on another.</summary>
[JsonDerivedType(typeof(WalPlan), "wal")]
[JsonDerivedType(typeof(LsmPlan), "lsm")]
[JsonDerivedType(typeof(KeyValuePlan), "kv")]
[JsonDerivedType(typeof(GraphPlan), "graph")]
[JsonDerivedType(typeof(AuditPlan), "audit")]
internal abstract record WorkloadPlan
{
    /// <summary>How much is asked of the component.</summary>
    [JsonIgnore]
    public abstract int Amount { get; }

    /// <summary>The same component, of which nothing is asked: it is opened, looked at and stopped.</summary>
    public abstract WorkloadPlan WithoutOperations();

    /// <summary>Makes a workload of it; each call gives an equal one.</summary>
    public abstract IStorageWorkload Create();
}
