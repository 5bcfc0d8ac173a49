namespace SimGraph.Soak.Rendering;

/// <summary>Counters that views show apart from the others.</summary>
internal static class Counters
{
    /// <summary>Client writes that the cluster committed.</summary>
    public const string Commits = "cluster.commits";

    /// <summary>Writes that clients asked for.</summary>
    public const string Writes = "client.writes";

    /// <summary>Reads that clients asked for.</summary>
    public const string Reads = "client.reads";
}
