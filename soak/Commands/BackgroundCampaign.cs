using System.Runtime.ExceptionServices;
using SimGraph.Simulation.Exploration;

namespace SimGraph.Soak.Commands;

/// <summary>A campaign on a thread of its own, while the main thread shows how it goes.</summary>
internal sealed class BackgroundCampaign
{
    private readonly Explorer _explorer;
    private readonly Thread _thread;
    private CampaignReport? _report;
    private ExceptionDispatchInfo? _failure;

    public BackgroundCampaign(Explorer explorer, CancellationToken cancellation)
    {
        _explorer = explorer;
        _thread = new Thread(() => Run(cancellation)) { Name = "simgraph.campaign", IsBackground = true };
        _thread.Start();
    }

    public CampaignProgress Progress => _explorer.Progress;

    /// <summary>What it did; once <see cref="Wait"/> has said that it is over.</summary>
    public CampaignReport Report
    {
        get
        {
            _thread.Join();
            _failure?.Throw();
            return _report!;
        }
    }

    /// <summary>Waits for its end, but not longer than this; true when it is over.</summary>
    public bool Wait(TimeSpan limit) => _thread.Join(limit);

    private void Run(CancellationToken cancellation)
    {
        try
        {
            _report = _explorer.Run(cancellation);
        }
#pragma warning disable CA1031 // Thrown again on the thread that asks for the report.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
    }
}
