namespace SimGraph.Soak.Bench.Storage;

/// <summary>An open log under measurement. Every append is durable, the device flushed, when its task ends.</summary>
internal interface IMeasuredLog : IAsyncDisposable
{
    /// <summary>Appends one record, durably.</summary>
    Task AppendAsync(byte[] payload);

    /// <summary>Appends a number of records of the same bytes and makes them durable together. One caller at a time, and no other append meanwhile.</summary>
    Task AppendBatchAsync(byte[] payload, int count);
}
