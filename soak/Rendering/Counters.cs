namespace SimGraph.Soak.Rendering;

/// <summary>Counters that views show apart from the others.</summary>
internal static class Counters
{
    /// <summary>Client writes that the cluster committed.</summary>
    public const string Commits = "cluster.commits";
}
