#pragma warning disable VSTHRD002, VSTHRD003, VSTHRD100, VSTHRD105, VSTHRD110, CA1849, CA2000, CA2008, CA2012, CA1001, CA2016, CA1806, CA5394, CS0420, CA1822, CA2213, IDE0330 // These are bad on purpose.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Threading.Channels;

namespace SimGraph.Tests.Coyote;

/// <summary>One refused form for each method. Nothing here is run: the check reads what the compiler made of it.</summary>
internal sealed class RefusedExamples
{
    private static readonly Memory<byte> Buffer = new byte[8];
    private bool _flag;
    private byte _small;
    private DayOfWeek _day;
    private ValueTask<int> _kept;

    internal void InterlockedOnBool() => Interlocked.Exchange(ref _flag, true);

    internal void InterlockedOnEnum() => Interlocked.CompareExchange(ref _day, DayOfWeek.Friday, DayOfWeek.Monday);

    internal static T InterlockedOnAnything<T>(ref T place, T value) => Interlocked.Exchange(ref place, value);

    internal void InterlockedOnByte() => Interlocked.Exchange(ref _small, 1);

    internal static async Task ConfigureAwaitWithOptions(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    internal static async Task<int> ConfigureAwaitWithOptionsOfResult(Task<int> task) => await task.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    internal static async Task StreamWithCancellation(IAsyncEnumerable<int> stream, CancellationToken token)
    {
        await foreach (int _ in stream.WithCancellation(token))
        {
        }
    }

    internal static async Task StreamConfigured(IAsyncEnumerable<int> stream)
    {
        await foreach (int _ in stream.ConfigureAwait(false))
        {
        }
    }

    internal static async Task DisposableConfigured(IAsyncDisposable disposable)
    {
        await using (disposable.ConfigureAwait(false))
        {
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal static async ValueTask PoolingBuilder() => await Task.Yield();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal static async ValueTask<int> PoolingBuilderOfResult()
    {
        await Task.Yield();
        return 1;
    }

    internal static ValueTask<int> ForwardedValueTask(Stream stream) => stream.ReadAsync(Buffer);

    internal static ValueTask ForwardedDisposal(IAsyncDisposable disposable) => disposable.DisposeAsync();

    internal static async Task<int> PassedValueTask(Stream stream) => await Task.WhenAny((Task<int>[])[AsTask(stream.ReadAsync(Buffer))]).Result;

    internal void ValueTaskKeptInAField(Stream stream) => _kept = stream.ReadAsync(Buffer);

    internal static void DroppedValueTask(Stream stream) => stream.DisposeAsync();

    internal static ValueTask<int> PreservedValueTask(ValueTask<int> task) => task.Preserve();

    internal static int LockObject(Lock gate)
    {
        lock (gate)
        {
            return 1;
        }
    }

    internal static void ResetEvent(ManualResetEventSlim signal) => signal.Set();

    internal static void Countdown(CountdownEvent countdown) => countdown.Signal();

    internal static void BarrierAwaited(Barrier barrier) => barrier.SignalAndWait();

    internal static void OldReaderWriterLock(ReaderWriterLock gate) => gate.AcquireReaderLock(1);

    internal static void ReaderWriter(ReaderWriterLockSlim gate) => gate.EnterReadLock();

    internal static void Spin(SpinLock gate)
    {
        bool taken = false;
        gate.Enter(ref taken);
    }

    internal static void MutexReleased(Mutex mutex) => mutex.ReleaseMutex();

    internal static void SemaphoreReleased(Semaphore semaphore) => semaphore.Release();

    internal static object RealTimer() => new Timer(static _ => { });

    internal static async Task Periodic(PeriodicTimer timer) => await timer.WaitForNextTickAsync();

    internal static object OldTimer() => new System.Timers.Timer(1);

    internal static void Blocking(BlockingCollection<int> queue) => queue.Add(1);

    internal static Channel<int> BoundedChannel() => Channel.CreateBounded<int>(1);

    internal static async Task ChannelReadAll(ChannelReader<int> reader)
    {
        await foreach (int _ in reader.ReadAllAsync())
        {
        }
    }

    internal static async Task WaitAsync(Task task) => await task.WaitAsync(TimeSpan.FromSeconds(1));

    internal static async Task<int> WaitAsyncOfResult(Task<int> task, CancellationToken token) => await task.WaitAsync(token);

    internal static IAsyncEnumerable<Task> WhenEach(Task[] tasks) => Task.WhenEach(tasks);

    internal static Task Continued(Task task) => task.ContinueWith(static _ => { }, TaskScheduler.Default);

    internal static void RunSynchronously(Task task) => task.RunSynchronously();

    internal static void Started(Task task) => task.Start();

    internal static Task ColdTask() => new(static () => { });

    internal static Task<int> ColdTaskOfResult() => new(static () => 1);

    internal static Task WhenAllOfSpan(Task first, Task second) => Task.WhenAll(first, second);

    internal static Task WhenAllOfResultsInSpan(Task<int> first, Task<int> second) => Task.WhenAll(first, second);

    internal static Task WhenAnyOfSpan(Task first, Task second, Task third) => Task.WhenAny(first, second, third);

    internal static void WaitAllOfSpan(Task first, Task second) => Task.WaitAll(new ReadOnlySpan<Task>([first, second]));

    internal static Task ForEachAsync() => Parallel.ForEachAsync([1], static async (_, _) => await Task.Yield());

    internal static Task ForAsync() => Parallel.ForAsync(0, 1, static async (_, _) => await Task.Yield());

    internal static void Pool() => ThreadPool.QueueUserWorkItem(static _ => { });

    internal static object TimedSource() => new CancellationTokenSource(TimeSpan.FromSeconds(1));

    internal static void CancelAfter(CancellationTokenSource source) => source.CancelAfter(1000);

    internal static Task CancelAsync(CancellationTokenSource source) => source.CancelAsync();

    internal static Task Delay() => Task.Delay(1);

    internal static Task DelayByClock(TimeProvider clock) => Task.Delay(TimeSpan.FromSeconds(1), clock);

    internal static bool TryEnter(object gate) => Monitor.TryEnter(gate);

    internal static async Task<bool> SemaphoreWithTimeout(SemaphoreSlim semaphore) => await semaphore.WaitAsync(10);

    internal static void SemaphoreWithToken(SemaphoreSlim semaphore, CancellationToken token) => semaphore.Wait(token);

    internal static DateTime LocalTime() => DateTime.Now;

    internal static DateTime UniversalTime() => DateTime.UtcNow;

    internal static DateTime Today() => DateTime.Today;

    internal static DateTimeOffset LocalTimeWithOffset() => DateTimeOffset.Now;

    internal static DateTimeOffset UniversalTimeWithOffset() => DateTimeOffset.UtcNow;

    internal static TimeProvider SystemClock() => TimeProvider.System;

    internal static int TickCount() => Environment.TickCount;

    internal static long TickCount64() => Environment.TickCount64;

    internal static long Timestamp() => Stopwatch.GetTimestamp();

    internal static Stopwatch StartedStopwatch() => Stopwatch.StartNew();

    internal static Stopwatch NewStopwatch() => new();

    internal static Guid NewGuid() => Guid.NewGuid();

    internal static Guid TimedGuid() => Guid.CreateVersion7();

    internal static Random SharedRandom() => Random.Shared;

    internal static Random OwnRandom() => new();

    internal static int SecureRandom() => RandomNumberGenerator.GetInt32(5);

    internal static Func<Task> NamedButNotCalled(CancellationTokenSource source) => source.CancelAsync;

    internal static Action InALambda() => static () => ThreadPool.QueueUserWorkItem(static _ => { });

    private static async Task<int> AsTask(ValueTask<int> task) => await task;
}
