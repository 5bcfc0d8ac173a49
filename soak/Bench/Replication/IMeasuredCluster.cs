namespace SimGraph.Soak.Bench.Replication;

/// <summary>A cluster that runs.</summary>
internal interface IMeasuredCluster : IAsyncDisposable
{
    /// <summary>A new client of it: each call writes the payload and returns when it is acknowledged. Used by one caller at a time; lives as long as the cluster.</summary>
    Func<byte[], Task> Connect();
}
