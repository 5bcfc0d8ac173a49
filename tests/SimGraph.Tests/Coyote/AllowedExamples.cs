#pragma warning disable VSTHRD103, VSTHRD110, CA2000, CA1849, CA2016, CA2012 // What matters is what the compiler makes of them.
using System.Threading.Channels;

namespace SimGraph.Tests.Coyote;

/// <summary>Forms that resemble refused ones and are none. Nothing here is run.</summary>
internal sealed class AllowedExamples
{
    private static readonly Memory<byte> Buffer = new byte[8];
    private int _count;
    private string _name = string.Empty;

    internal void InterlockedOnIntAndClass()
    {
        Interlocked.Exchange(ref _count, 1);
        Interlocked.CompareExchange(ref _name, "b", "a");
        Interlocked.Increment(ref _count);
    }

    internal static T InterlockedOnAnyClass<T>(ref T place, T value)
        where T : class => Interlocked.Exchange(ref place, value);

    internal static async Task<int> AwaitedValueTask(Stream stream) => await stream.ReadAsync(Buffer);

    internal static async Task AwaitedDisposal(IAsyncDisposable disposable)
    {
        await using (disposable)
        {
            await Task.Yield();
        }
    }

    internal static async Task AwaitedStream(IAsyncEnumerable<int> stream)
    {
        await foreach (int _ in stream)
        {
        }
    }

    internal static ValueTask<int> OwnValueTask() => OwnAsync();

    internal static ValueTask MadeValueTask() => ValueTask.CompletedTask;

    internal static ValueTask<int> MadeValueTaskOfResult() => ValueTask.FromResult(1);

    internal static Task WhenAllOfArray(Task first, Task second) => Task.WhenAll((Task[])[first, second]);

    internal static Task WhenAnyOfTwo(Task first, Task second) => Task.WhenAny(first, second);

    internal static async Task PlainConfigureAwait(Task task) => await task.ConfigureAwait(false);

    internal static Channel<int> UnboundedChannel() => Channel.CreateUnbounded<int>();

    internal static CancellationTokenSource SourceWithClock(TimeProvider clock) => new(TimeSpan.FromSeconds(1), clock);

    internal static void Cancelled(CancellationTokenSource source) => source.Cancel();

    internal static async Task PlainSemaphore(SemaphoreSlim semaphore) => await semaphore.WaitAsync();

    internal static int LockOnAnObject(object gate)
    {
        lock (gate)
        {
            return 1;
        }
    }

    private static async ValueTask<int> OwnAsync()
    {
        await Task.Yield();
        return 1;
    }
}
