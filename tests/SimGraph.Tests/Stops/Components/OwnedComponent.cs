using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Tests.Stops.Components;

/// <summary>A component that is opened in its owner's scope: it stops by itself, or with its owner. Whoever stops it while it is being opened cancels that and waits for its end.</summary>
#pragma warning disable CA1001 // Its stop is the end of it; the token source holds no timer and no handle.
internal abstract class OwnedComponent(IPlatform platform, TimeSpan bound) : StopComponent
#pragma warning restore CA1001
{
    private readonly TaskScope _owner = new(platform.Tasks, "owner");
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _started;

    protected IPlatform Platform => platform;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_stopping.IsCancellationRequested)
        {
            // Its owner is there no more, and that says so.
            _owner.CreateChild("refused");
            return;
        }

        _started = true;
        try
        {
            await OpenAsync(_owner, _stopping.Token);
        }
        finally
        {
            _opened.TrySetResult();
        }
    }

    public override async Task BeforeStopAsync()
    {
        _stopping.Cancel();
        if (_started)
        {
            await _opened.Task;
        }
    }

    public override async Task StopAsync(int way)
    {
        if (way % 2 == 0)
        {
            await StopOpenedAsync();
        }

        await _owner.StopAsync(bound);
    }

    public override bool IsAnswer(Exception exception) => IsOfDisk(exception) || exception is OperationCanceledException;

    public override bool IsRefusal(Exception exception) => exception is ScopeStoppedException or InvalidOperationException { Message: NotRunningText };

    private const string NotRunningText = "not open";

    protected abstract Task OpenAsync(TaskScope owner, CancellationToken cancellationToken);

    /// <summary>Stops it, if it was opened.</summary>
    protected abstract Task StopOpenedAsync();

    /// <summary>Used before it was opened.</summary>
    protected static InvalidOperationException NotRunning() => new(NotRunningText);
}
