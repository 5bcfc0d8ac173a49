using SimGraph.Runtime.Concurrency;

namespace SimGraph.Properties;

/// <summary>What the programs that machines boot have in common, as hosts of the components under test.</summary>
internal static class HostedPrograms
{
    /// <summary>Waits until the component ends from within, and then throws what ended it, or the program is asked to stop.</summary>
    public static async Task UntilEitherAsync(Task completion, CancellationToken stop)
    {
        var either = new TaskCompletionSource();
        using CancellationTokenRegistration registration = stop.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), either);
        System.Runtime.CompilerServices.TaskAwaiter awaiter = completion.GetAwaiter();
        awaiter.UnsafeOnCompleted(() => either.TrySetResult());
        await either.Task;
        if (completion.IsCompleted)
        {
            await completion;
        }
    }

    /// <summary>Stops as hosts do: once, twice in a row, or twice at the same time.</summary>
    public static async Task StopAsync(Func<Task> stop, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                await Join.AllAsync([stop(), stop()]);
                break;
            case 1:
                await stop();
                await stop();
                break;
            default:
                await stop();
                break;
        }
    }
}
