// A client that writes all the time, and measures its own silence around a crash: the longest time between two of its acknowledgements, from the last one before the crash to the
// first one of a write that it began after the crash. An answer that was on its way when the leader died is no sign of life.

using SimGraph.Replication.Client;
using SimGraph.Runtime;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Cluster.Failover;

/// <summary>A client of the failover benchmark.</summary>
internal sealed class FailoverClient(World world, ClientOptions options)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private TimeSpan? _crashedAt;
    private TimeSpan _lastAcknowledged;
    private TimeSpan _silence;

    /// <summary>Writes that were acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>True until a write that began after the crash is acknowledged.</summary>
    public bool IsWaiting => _crashedAt is not null;

    /// <summary>The silence around the last crash.</summary>
    public TimeSpan Silence => _silence;

    /// <summary>The leader crashes now.</summary>
    public void Crashed()
    {
        _crashedAt = world.Now;
        _silence = TimeSpan.Zero;
    }

    /// <summary>Writes until it is asked to stop.</summary>
    public async Task RunAsync(IPlatform platform, CancellationToken stop)
    {
        var client = new GraphClient(platform, options);
        Random random = platform.Random.Get("workload");
        var command = new GraphCommand(new CreateNode(LabelSet.Of("written"), PropertyMap.Empty));
        try
        {
            while (true)
            {
                await WriteAsync(client, command, stop);
                await platform.Clock.DelayAsync(Pause * (0.5 + random.NextDouble()), stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end of the benchmark.
        }

        await client.StopAsync();
    }

    private async Task WriteAsync(GraphClient client, GraphCommand command, CancellationToken stop)
    {
        TimeSpan calledAt = world.Now;
        try
        {
            await client.WriteAsync(command, stop);
        }
        catch (Exception exception) when (exception is OutcomeUnknownException or TimeoutException)
        {
            world.Count("client.gave-up");
            return;
        }

        Acknowledged++;
        if (_crashedAt is { } crashedAt)
        {
            TimeSpan silence = world.Now - _lastAcknowledged;
            _silence = silence > _silence ? silence : _silence;
            _crashedAt = calledAt > crashedAt ? null : _crashedAt;
        }

        _lastAcknowledged = world.Now;
    }
}
