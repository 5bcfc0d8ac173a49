// Whoever is told to give up does so at once: a call that is cancelled begins nothing more on the disk, which may hang. What it had begun already ends when the disk lets it.

using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Time;

namespace SimGraph.Properties.Storage;

/// <summary>Checks that calls end soon after their token is cancelled. Of one workload.</summary>
internal sealed class Promptness : IDisposable
{
    /// <summary>Far more than an operation of a disk that does not hang takes, and far less than one that hangs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly string _subject;
    private readonly TimeProvider _clock;
    private readonly TokenSubscription _subscription;
    private TimeSpan? _cancelledAt;

    /// <param name="subject">First part of the violation's name.</param>
    /// <param name="platform">Whose clock counts.</param>
    /// <param name="stop">The token that every call is given.</param>
    public Promptness(string subject, IPlatform platform, CancellationToken stop)
    {
        _subject = subject;
        _clock = platform.Clock;
        _subscription = stop.Subscribe(static state => ((Promptness)state!).Cancelled(), this);
    }

    /// <summary>Awaits a call that was given the token.</summary>
    /// <exception cref="StorageViolationException">It ended long after the token was cancelled.</exception>
    public async Task CallAsync(object what, Func<Task> call) => await CallAsync(what, async () =>
    {
        await call();
        return true;
    });

    /// <summary>Awaits a call that was given the token.</summary>
    /// <exception cref="StorageViolationException">It ended long after the token was cancelled.</exception>
    public async Task<T> CallAsync<T>(object what, Func<Task<T>> call)
    {
        TimeSpan begun = _clock.Elapsed();
        T result;
        try
        {
            result = await call();
        }
        catch (OperationCanceledException)
        {
            Check(what, begun);
            throw;
        }

        Check(what, begun);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => _subscription.Dispose();

    private void Cancelled() => _cancelledAt = _clock.Elapsed();

    private void Check(object what, TimeSpan begun)
    {
        TimeSpan since = _cancelledAt is { } cancelled ? _clock.Elapsed() - (cancelled > begun ? cancelled : begun) : TimeSpan.Zero;
        if (since > Limit)
        {
            throw new StorageViolationException($"{_subject}.gives-up-late", $"{what} went on for {since} after its token was cancelled");
        }
    }
}
