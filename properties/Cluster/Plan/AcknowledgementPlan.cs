using SimGraph.Replication;

namespace SimGraph.Properties.Cluster.Plan;

/// <summary>How the writes of a run are acknowledged.</summary>
/// <param name="Default">What the nodes are configured with.</param>
/// <param name="AllLimit">How long a leader waits for every member.</param>
/// <param name="DefaultPercent">Share of writes that leave it to the nodes.</param>
/// <param name="AsynchronousPercent">Share of writes that are content with the leader.</param>
/// <param name="AllPercent">Share of writes that want every member; the rest wants a quorum.</param>
public sealed record AcknowledgementPlan(WriteAcknowledgement Default, TimeSpan AllLimit, int DefaultPercent, int AsynchronousPercent, int AllPercent)
{
    /// <summary>What a write asks for that drew a number below 100.</summary>
    public WriteAcknowledgement Of(int drawn) =>
        drawn < DefaultPercent ? WriteAcknowledgement.ClusterDefault
        : drawn < DefaultPercent + AsynchronousPercent ? WriteAcknowledgement.Asynchronous
        : drawn < DefaultPercent + AsynchronousPercent + AllPercent ? WriteAcknowledgement.All
        : WriteAcknowledgement.Quorum;
}
