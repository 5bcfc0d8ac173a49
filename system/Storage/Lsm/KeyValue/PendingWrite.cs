namespace SimGraph.Storage.Lsm;

/// <summary>A batch that somebody waits for. An empty one only waits for those before it.</summary>
internal sealed class PendingWrite(WriteBatch batch)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WriteBatch Batch { get; } = batch;

    public Task Done => _done.Task;

    public void Succeed() => _done.TrySetResult();

    public void Fail(Exception exception) => _done.TrySetException(exception);
}
