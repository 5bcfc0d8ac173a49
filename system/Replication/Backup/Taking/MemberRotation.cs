using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Time;

namespace SimGraph.Replication.Backup.Taking;

/// <summary>Which member to ask next, and how long to rest before: in the given order, round and round, with pauses that double as long as nothing comes of it.</summary>
internal sealed class MemberRotation(IPlatform platform, BackupOptions options)
{
    private const int DoublingsMax = 16;

    private readonly Random _jitter = platform.Random.Get("backup.backoff");
    private int _next;

    /// <summary>Attempts in a row that failed.</summary>
    public int Failed { get; private set; }

    /// <summary>The next one.</summary>
    public NetworkAddress Next()
    {
        NetworkAddress address = options.Addresses[_next];
        _next = (_next + 1) % options.Addresses.Length;
        return address;
    }

    /// <summary>Something came of it.</summary>
    public void Succeeded() => Failed = 0;

    /// <summary>Rests after an attempt that failed.</summary>
    public async Task RestAsync(CancellationToken cancellationToken)
    {
        TimeSpan delay = options.RetryDelayMin * (1 << Math.Min(Failed++, DoublingsMax));
        delay = (delay < options.RetryDelayMax ? delay : options.RetryDelayMax) * (0.5 + (0.5 * _jitter.NextDouble()));
        await platform.Clock.DelayAsync(delay, cancellationToken);
    }
}
