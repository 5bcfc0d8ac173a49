using SimGraph.Runtime.Disk;

namespace SimGraph.Storage.Audit;

/// <summary>The file that is appended to. One caller. Any failure leaves unknown what is durable: do not go on.</summary>
internal sealed class ActiveAuditFile(IFile file, ulong first, long length, DateTimeOffset firstTime, long openedAt) : IAsyncDisposable
{
    /// <summary>Takes over a new, empty file.</summary>
    public static ActiveAuditFile Begin(IFile file, ulong first, DateTimeOffset firstTime, long openedAt) => new(file, first, 0, firstTime, openedAt);

    public string Path => file.Path;

    /// <summary>Number of its first line.</summary>
    public ulong First { get; } = first;

    /// <summary>Where the next line begins.</summary>
    public long Length { get; private set; } = length;

    /// <summary>Time of its first line.</summary>
    public DateTimeOffset FirstTime { get; } = firstTime;

    /// <summary>Monotonic time stamp at which this process began to write to it.</summary>
    public long OpenedAt { get; } = openedAt;

    /// <summary>Writes whole lines and makes them durable.</summary>
    public async Task AppendAsync(ReadOnlyMemory<byte> lines)
    {
        await file.WriteAsync(Length, lines, CancellationToken.None);
        await file.FlushAsync(CancellationToken.None);
        Length += lines.Length;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await file.DisposeAsync();
}
