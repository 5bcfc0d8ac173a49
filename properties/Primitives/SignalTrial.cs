using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Primitives;

/// <summary>One that waits, and sometimes gives up, and some that set.</summary>
internal sealed class SignalTrial(World world, Machine machine, IPlatform platform) : PrimitiveTrial(world, machine, platform, "signal")
{
    internal const string RememberedProbe = "primitives.signal.remembered";
    private AsyncSignal _signal = new();
    private Expectation? _waiter;
    private bool _set;
    private int _setters;

    /// <inheritdoc/>
    public override async Task RunAsync()
    {
        _signal = new AsyncSignal();
        _waiter = null;
        _set = false;
        _setters = 1 + Draw(3);
        await UseAsync(_setters + 1, user => user == 0 ? WaitAllAsync() : SetAllAsync());
    }

    private async Task SetAllAsync()
    {
        for (int left = 1 + Draw(8); left > 0; left--)
        {
            await PauseAsync();
            Set();
        }

        _setters--;
        if (_setters == 0)
        {
            Set();
        }
    }

    private void Set()
    {
        if (_waiter is { IsOpen: true })
        {
            _waiter.Decide(CallEnd.Done, Now);
        }
        else
        {
            _set = true;
        }

        _signal.Set();
    }

    private async Task WaitAllAsync()
    {
        while (_setters > 0)
        {
            using var given = new CancellationTokenSource();
            var waiter = new Expectation();
            bool before = Percent(5);
            if (before)
            {
                given.Cancel();
            }

            Task waiting = JudgeAsync("WaitAsync", waiter, token => WaitAsync(waiter, token), given.Token);
            if (Percent(50))
            {
                await PauseAsync();
                if (waiter.IsOpen)
                {
                    waiter.Decide(CallEnd.Cancelled, Now);
                }

                given.Cancel();
            }

            await waiting;
            if (Percent(50))
            {
                await PauseAsync();
            }
        }
    }

    private async Task<bool> WaitAsync(Expectation waiter, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            waiter.Decide(CallEnd.Cancelled, Now);
        }
        else if (_set)
        {
            Reached(RememberedProbe);
            _set = false;
            waiter.Decide(CallEnd.Done, Now);
        }
        else
        {
            _waiter = waiter;
        }

        await _signal.WaitAsync(cancellationToken);
        return true;
    }
}
