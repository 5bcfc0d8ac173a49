namespace SimGraph.Properties.Cluster;

/// <summary>What a campaign of the cluster scenario must reach, or it proves too little.</summary>
internal static class ClusterProbes
{
    public static IReadOnlyList<string> Required { get; } =
    [
        "raft.leader-elected",
    ];
}
