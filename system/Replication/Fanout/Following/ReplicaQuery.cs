namespace SimGraph.Replication.Fanout.Following;

/// <summary>A query that waits for the loop.</summary>
internal sealed class ReplicaQuery(ReadOnlyMemory<byte> query)
{
    /// <summary>The encoded query.</summary>
    public ReadOnlyMemory<byte> Query => query;

    /// <summary>Completed by the loop, or by whoever asked when it gives up.</summary>
    public TaskCompletionSource<ReplicaAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
