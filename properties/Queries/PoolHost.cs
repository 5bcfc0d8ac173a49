using SimGraph.Query;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;

namespace SimGraph.Properties.Queries;

/// <summary>Has a pool, stops it at random moments, and has another one.</summary>
#pragma warning disable CA1001 // Its scopes are stopped, one after the other, by StopAsync.
internal sealed class PoolHost
#pragma warning restore CA1001
{
    private readonly QueryMachine _machine;
    private readonly HashSet<WorkerPool> _stopped = [];
    private TaskScope _scope;
    private int _count;

    public PoolHost(QueryMachine machine)
    {
        _machine = machine;
        Open();
    }

    /// <summary>The pool of the moment; it may be stopping.</summary>
    public WorkerPool Pool { get; private set; }

    /// <summary>Whether a pool was told to stop.</summary>
    public bool WasStopped(WorkerPool pool) => _stopped.Contains(pool);

    public async Task RunAsync(CancellationToken cancellation)
    {
        Random random = _machine.Platform.Random.Get("pool-host");
        while (_machine.Plan.PoolLife > TimeSpan.Zero)
        {
            await _machine.Platform.Clock.DelayAsync(QueryMachine.Below(random, 2 * _machine.Plan.PoolLife), cancellation);
            if (_machine.IsEnding)
            {
                return;
            }

            await StopAsync(random);
            Open();
        }
    }

    /// <summary>Stops the pool of the moment: itself, or by its owner, or both at once.</summary>
    public async Task StopAsync(Random random)
    {
        TaskScope scope = _scope;
        WorkerPool pool = Pool;
        _stopped.Add(pool);
        using (_machine.Within("a stop of the pool"))
        {
            switch (random.Next(3))
            {
                case 0:
                    await scope.StopAsync();
                    break;
                case 1:
                    Task first = pool.StopAsync();
                    await pool.StopAsync();
                    await first;
                    break;
                default:
                    await pool.StopAsync();
                    break;
            }

            _machine.CheckNothingLives(scope, "a stop of the pool");
            await pool.StopAsync();
        }

        await SubmitAsync(pool);
        await scope.StopAsync();
    }

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_scope), nameof(Pool))]
    private void Open()
    {
        _scope = new TaskScope(_machine.Platform.Tasks, $"pool-{++_count}");
        Pool = new WorkerPool(
            _machine.Platform, _scope, new WorkerPoolOptions { Workers = _machine.Plan.Workers, QueueMax = _machine.Plan.PoolQueue });
    }

    private async Task SubmitAsync(WorkerPool stopped)
    {
        using (_machine.Within("a submission to a stopped pool"))
        {
            try
            {
                await stopped.SubmitAsync((_, _) => Task.CompletedTask, CancellationToken.None);
                _machine.Violated("stopped-pool-took-work", "a pool took work after its stop had returned");
            }
            catch (PoolClosedException)
            {
                _machine.Reached("query.submitted-to-stopped-pool");
            }
        }
    }
}
