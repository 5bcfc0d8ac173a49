using SimGraph.Storage.Lsm.Versions;

namespace SimGraph.Storage.Lsm.Compaction;

/// <summary>A compaction that somebody asked for and waits for. Steps are taken by the worker; the end may come from anywhere.</summary>
internal sealed class ManualCompaction(LsmRange range)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _firstLevel;

    public Task Done => _done.Task;

    /// <summary>The next step; null when nothing is left to do.</summary>
    public CompactionPlan? Next(TreeVersion version) => CompactionPicker.PickManual(version, range, ref _firstLevel);

    public void Succeed() => _done.TrySetResult();

    public void Fail(LsmException exception) => _done.TrySetException(exception);

    public void Cancel(CancellationToken cancellationToken) => _done.TrySetCanceled(cancellationToken);
}
