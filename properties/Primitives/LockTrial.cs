using SimGraph.Runtime;
using SimGraph.Runtime.Concurrency;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Primitives;

/// <summary>Some that want the lock: without a limit, until they give up, or for a time.</summary>
internal sealed class LockTrial(World world, Machine machine, IPlatform platform) : PrimitiveTrial(world, machine, platform, "lock")
{
    internal const string LateProbe = "primitives.lock.late";
    private readonly LinkedList<Expectation> _waiting = new();
    private AsyncLock _lock = new();
    private bool _held;

    /// <inheritdoc/>
    public override async Task RunAsync()
    {
        _lock = new AsyncLock();
        _waiting.Clear();
        _held = false;
        await UseAsync(2 + Draw(4), _ => UseLockAsync());
        Check(!_held && _waiting.Count == 0, "whoever has released the lock does not hold it");
    }

    private async Task UseLockAsync()
    {
        for (int left = 1 + Draw(5); left > 0; left--)
        {
            await PauseAsync();
            if (await (Draw(3) switch { 0 => EnterAsync(), 1 => EnterOrGiveUpAsync(), _ => TryEnterAsync() }) is { } holder)
            {
                await PauseAsync();
                Release(holder);

                // Somebody else may hold it by now, who is not to lose it.
                if (Percent(30))
                {
                    await PauseAsync();
                    holder.Dispose();
                }
            }
        }
    }

    private async Task<AsyncLock.Holder?> EnterAsync()
    {
        Expectation turn = Ask(cancelled: false);
        AsyncLock.Holder? holder = null;
        await JudgeAsync("EnterAsync", turn, async token => (holder = await _lock.EnterAsync(token)) is not null, CancellationToken.None);
        return holder;
    }

    private async Task<AsyncLock.Holder?> EnterOrGiveUpAsync()
    {
        using var given = new CancellationTokenSource();
        bool before = Percent(10);
        if (before)
        {
            given.Cancel();
        }

        Expectation turn = Ask(cancelled: before);
        AsyncLock.Holder? holder = null;
        Task entering = JudgeAsync("EnterAsync", turn, async token => (holder = await _lock.EnterAsync(token)) is not null, given.Token);
        await PauseAsync();
        if (_waiting.Remove(turn))
        {
            turn.Decide(CallEnd.Cancelled, Now);
        }

        given.Cancel();
        await entering;
        return holder;
    }

    private async Task<AsyncLock.Holder?> TryEnterAsync()
    {
        TimeSpan limit = DrawLimit();
        TimeSpan until = Now + limit;
        Expectation turn = Ask(cancelled: false);
        AsyncLock.Holder? holder = await _lock.TryEnterAsync(Platform.Clock, limit);
        if (_waiting.Remove(turn))
        {
            Reached(LateProbe);
            turn.Decide(CallEnd.Refused, until);
        }

        Check((holder is not null) == (turn.End == CallEnd.Done), $"TryEnterAsync {(holder is null ? "does not get" : "gets")} the lock where it is {turn.End}");
        Check(turn.At == Now, $"TryEnterAsync is {(Now - turn.At).TotalMilliseconds} ms late");
        await PauseAsync();
        return holder;
    }

    private Expectation Ask(bool cancelled)
    {
        var turn = new Expectation();
        if (cancelled)
        {
            turn.Decide(CallEnd.Cancelled, Now);
        }
        else if (_held)
        {
            _waiting.AddLast(turn);
        }
        else
        {
            _held = true;
            turn.Decide(CallEnd.Done, Now);
        }

        return turn;
    }

    private void Release(AsyncLock.Holder holder)
    {
        if (_waiting.First is { } next)
        {
            _waiting.RemoveFirst();
            next.Value.Decide(CallEnd.Done, Now);
        }
        else
        {
            _held = false;
        }

        holder.Dispose();
    }
}
