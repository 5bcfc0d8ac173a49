using System.Collections.Concurrent;

namespace SimGraph.Tests;

/// <summary>What asynchronous code allocates. It runs on one thread of its own, to which every continuation comes back: what a thread of the pool has allocated would be another's.</summary>
internal static class AllocatedBytes
{
    public static async Task<long> OfAsync(Func<Task> work)
    {
        var measured = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            var context = new OneThread();
            SynchronizationContext.SetSynchronizationContext(context);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Task running = work();
            context.RunUntil(running);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (running.IsFaulted)
            {
                measured.SetException(running.Exception.InnerExceptions);
            }
            else
            {
                measured.SetResult(allocated);
            }
        });
        thread.Start();
        return await measured.Task;
    }

    private sealed class OneThread : SynchronizationContext
    {
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _posted = [];

        public override void Post(SendOrPostCallback d, object? state) => _posted.Add((d, state));

        public void RunUntil(Task running)
        {
            running.GetAwaiter().UnsafeOnCompleted(() => Post(static _ => { }, null));
            while (!running.IsCompleted)
            {
                (SendOrPostCallback callback, object? state) = _posted.Take();
                callback(state);
            }
        }
    }
}
