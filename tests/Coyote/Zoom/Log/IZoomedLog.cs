using SimGraph.Storage.Log;

namespace SimGraph.Coyote.Tests.Zoom.Log;

/// <summary>A log, or one that breaks its promises.</summary>
internal interface IZoomedLog
{
    /// <summary>What it held when it was opened.</summary>
    LogRecovery Recovered { get; }

    /// <summary>Appends a batch.</summary>
    Task AppendAsync(LogBatch batch, CancellationToken cancellationToken);

    /// <summary>Appends an entry behind the last.</summary>
    Task<ulong> AppendNextAsync(ulong term, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>Deletes segments.</summary>
    Task TruncatePrefixAsync(ulong index, CancellationToken cancellationToken);

    /// <summary>Stops it.</summary>
    Task StopAsync();
}
