namespace SimGraph.Simulation.Exploration;

/// <summary>One thread of a campaign, and the run on it. The members are guarded by the explorer's lock, except the thread's own loop.</summary>
internal sealed class ExplorerWorker : IDisposable
{
    private readonly Explorer _explorer;
    private readonly Thread _thread;
    private CancellationTokenSource _abort = new();

    public ExplorerWorker(string name, Explorer explorer)
    {
        _explorer = explorer;
        _thread = new Thread(Work) { Name = name, IsBackground = true };
    }

    /// <summary>True until its thread has ended or was given up.</summary>
    public bool IsRunning => !IsLost && _thread.IsAlive;

    /// <summary>True when its thread is stuck and nobody waits for it any more.</summary>
    public bool IsLost { get; set; }

    public ulong Seed { get; private set; }

    /// <summary>When the run on it began, in time of the campaign; null between runs.</summary>
    public TimeSpan? BegunAt { get; private set; }

    public TimeSpan? AbortedAt { get; private set; }

    /// <summary>True when its run was given up because it took too long, and not because the campaign ended.</summary>
    public bool IsTooLong { get; private set; }

    public void Start() => _thread.Start();

    public void Begin(ulong seed, TimeSpan now)
    {
        Seed = seed;
        BegunAt = now;
        AbortedAt = null;
        IsTooLong = false;
        if (_abort.IsCancellationRequested)
        {
            _abort.Dispose();
            _abort = new CancellationTokenSource();
        }
    }

    public void Abort(TimeSpan now, bool isTooLong)
    {
        IsTooLong = isTooLong;
        AbortedAt = now;
        _abort.Cancel();
    }

    public void End()
    {
        BegunAt = null;
        AbortedAt = null;
    }

    /// <summary>Only when the thread has ended.</summary>
    public void Dispose() => _abort.Dispose();

    private void Work()
    {
        while (_explorer.TryBegin(this, out ulong seed))
        {
            _explorer.Complete(this, _explorer.Run(seed, _abort.Token));
        }
    }
}
