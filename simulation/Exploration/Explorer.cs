// Runs many seeds on many threads. Each run is single-threaded and owns its thread from begin to end, so the threads share nothing but the list of seeds and
// the counts, under one lock. The calling thread watches them: it ends the campaign in time, gives up runs that must end, and does not wait for a run that
// loops for ever within a step (such a thread is left behind: it is a background thread, and the campaign fails with its seed).

using System.Diagnostics;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Exploration;

/// <summary>A campaign: explores a scenario over a range of seeds. Runs once.</summary>
public sealed class Explorer
{
    /// <summary>Seeds that may be completed ahead of one that is not: what the fold has to keep.</summary>
    private const int PendingMax = 100_000;

    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>A run looks at its abort token every thousand steps; one that does not come back in this time loops within a step.</summary>
    private static readonly TimeSpan AbortLimit = TimeSpan.FromSeconds(20);

    private readonly object _gate = new();
    private readonly IScenario _scenario;
    private readonly ExplorerOptions _options;
    private readonly SeedRunner _runner;
    private readonly CampaignFold _fold;
    private readonly Stopwatch _clock = new();
    private readonly SortedDictionary<string, long> _counters = new(StringComparer.Ordinal);
    private readonly List<ExplorerWorker> _workers = [];
    private long _begun;
    private long _runs;
    private long _steps;
    private long _faults;
    private long _violations;
    private TimeSpan _virtualTime;
    private bool _closed;

    /// <param name="scenario">What to run.</param>
    /// <param name="options">Validated here.</param>
    public Explorer(IScenario scenario, ExplorerOptions options)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _scenario = scenario;
        _options = options;
        _runner = new SeedRunner(scenario, options);
        _fold = new CampaignFold(scenario, options);
    }

    /// <summary>Where the campaign is. May be called on any thread.</summary>
    public CampaignProgress Progress
    {
        get
        {
            lock (_gate)
            {
                return new CampaignProgress
                {
                    Elapsed = _clock.Elapsed,
                    Runs = _runs,
                    Steps = _steps,
                    VirtualTime = _virtualTime,
                    Faults = _faults,
                    Violations = _violations,
                    LastSeed = _begun > 0 ? _options.FromSeed + (ulong)(_begun - 1) : _options.FromSeed,
                    Counters = new SortedDictionary<string, long>(_counters, StringComparer.Ordinal),
                };
            }
        }
    }

    /// <summary>Runs the campaign. Returns when it is over; cancelling ends it soon, with a report of what was done.</summary>
    public CampaignReport Run(CancellationToken cancellation)
    {
        if (_clock.IsRunning || _begun > 0)
        {
            throw new InvalidOperationException("a campaign runs once");
        }

        _clock.Start();
        TimeSpan cpuBefore = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < _options.Jobs; i++)
        {
            var worker = new ExplorerWorker($"simgraph.worker.{i}", this);
            _workers.Add(worker);
            worker.Start();
        }

        while (_workers.Exists(worker => worker.IsRunning))
        {
            Watch(cancellation);
            Thread.Sleep(WatchInterval);
        }

        TimeSpan wallTime = _clock.Elapsed;
        TimeSpan cpuTime = Environment.CpuUsage.TotalTime - cpuBefore;
        foreach (ExplorerWorker worker in _workers.Where(worker => !worker.IsLost))
        {
            worker.Dispose();
        }

        CampaignReport report;
        lock (_gate)
        {
            _fold.Finish();
            report = _fold.Report(wallTime, cpuTime, cancellation.IsCancellationRequested);
        }

        return new CampaignArtifacts(_scenario, _options).SaveAll(report, cancellation);
    }

    /// <summary>The next seed for a worker; false when there is none.</summary>
    internal bool TryBegin(ExplorerWorker worker, out ulong seed)
    {
        while (true)
        {
            lock (_gate)
            {
                seed = _options.FromSeed + (ulong)_begun;
                if (worker.IsLost || _closed || _fold.Ended || _begun >= (_options.Seeds ?? long.MaxValue) || _clock.Elapsed >= (_options.Time ?? TimeSpan.MaxValue))
                {
                    return false;
                }

                if (_fold.Pending < PendingMax)
                {
                    _begun++;
                    worker.Begin(seed, _clock.Elapsed);
                    return true;
                }
            }

            Thread.Sleep(WatchInterval);
        }
    }

    internal RunDigest Run(ulong seed, CancellationToken abort) => _runner.Run(seed, abort);

    internal void Complete(ExplorerWorker worker, RunDigest run)
    {
        lock (_gate)
        {
            if (worker.IsLost)
            {
                return;
            }

            RunDigest counted = run.Unfinished && worker.IsTooLong ? TooLong(run.Seed) : run;
            worker.End();
            Count(counted);
            _fold.Add(counted);
        }
    }

    private void Count(RunDigest run)
    {
        if (run.Unfinished)
        {
            return;
        }

        _runs++;
        _violations += run.Violation is null ? 0 : 1;
        if (run.Result is { } result)
        {
            _steps += result.Steps + Math.Max(0, run.RepeatedSteps);
            _virtualTime += result.VirtualTime;
            _faults += result.Faults.Values.Sum();
            foreach ((string name, long count) in result.Counters)
            {
                _counters[name] = _counters.GetValueOrDefault(name) + count;
            }
        }
    }

    private void Watch(CancellationToken cancellation)
    {
        lock (_gate)
        {
            TimeSpan now = _clock.Elapsed;
            bool timeIsUp = _options.Time is { } time && now >= time + _options.Grace;
            _closed |= cancellation.IsCancellationRequested;
            foreach (ExplorerWorker worker in _workers)
            {
                if (!worker.IsRunning || worker.BegunAt is not { } begun)
                {
                    continue;
                }

                bool ends = _closed || timeIsUp;
                if (worker.AbortedAt is null && (ends || now - begun >= _options.RunTimeMax))
                {
                    worker.Abort(now, isTooLong: !ends);
                }
                else if (worker.AbortedAt is { } aborted && now - aborted >= AbortLimit)
                {
                    GiveUp(worker);
                }
            }
        }
    }

    private RunDigest TooLong(ulong seed) => new()
    {
        Seed = seed,
        Violation = new Violation(
            ViolationClass.Harness, "harness.run-too-long", $"the run took more than {_options.RunTimeMax} of real time and was given up", 0, TimeSpan.Zero),
    };

    private void GiveUp(ExplorerWorker worker)
    {
        worker.IsLost = true;
        var violation = new Violation(
            ViolationClass.Liveness,
            "liveness.endless-step",
            $"the run did not stop within {AbortLimit.TotalSeconds:0} s of real time after it was told to: a step loops without an await, or the machine is starved",
            0,
            TimeSpan.Zero);
        var run = new RunDigest { Seed = worker.Seed, Violation = violation };
        Count(run);
        _fold.Add(run);
    }
}
