namespace SimGraph.Soak.Bench.Storage;

/// <summary>An open store under measurement.</summary>
internal interface IMeasuredStore : IAsyncDisposable
{
    /// <summary>Writes pairs as one batch, as durable as the store was opened for. One caller at a time; the arrays stay as they are.</summary>
    Task PutAllAsync(IReadOnlyList<(byte[] Key, byte[] Value)> pairs);

    /// <summary>Writes one pair, as durable as the store was opened for. Many callers at a time if the contender takes them.</summary>
    Task PutAsync(byte[] key, byte[] value);

    /// <summary>Length of the value of a key; -1 if there is none.</summary>
    ValueTask<int> GetAsync(byte[] key);

    /// <summary>Reads pairs in the order of keys, from the first, until the end or until it shall not go on; says how many.</summary>
    Task<long> ScanAsync(TimeSlice slice);

    /// <summary>Waits until nothing is left to be done in the background.</summary>
    Task SettleAsync();

    /// <summary>What else there is to say by now; none for most.</summary>
    IEnumerable<string> Remarks { get; }
}
