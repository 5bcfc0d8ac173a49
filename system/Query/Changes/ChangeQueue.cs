// The notices that wait for one subscriber. Bounded: when it is full, what comes is not kept, but the gap is, and the subscriber is told of it in its place: behind
// what it was told before, and ahead of whatever comes later.

using SimGraph.Runtime.Concurrency;

namespace SimGraph.Query;

/// <summary>Notices from the publisher to one subscriber's task. Thread-safe, one reader.</summary>
internal sealed class ChangeQueue(int capacity)
{
    private readonly object _gate = new();
    private readonly Queue<ChangeNotice> _notices = new();
    private readonly AsyncSignal _signal = new();
    private ChangeNotice? _gap;
    private bool _closed;

    /// <summary>Adds a notice. False when it did not fit and is part of a gap now.</summary>
    public bool Add(ChangeNotice notice)
    {
        bool fits = false;
        lock (_gate)
        {
            if (_closed)
            {
                return true;
            }

            if (_gap is not null && _notices.Count < capacity)
            {
                _notices.Enqueue(_gap);
                _gap = null;
            }

            if (_gap is null && _notices.Count < capacity)
            {
                _notices.Enqueue(notice);
                fits = true;
            }
            else
            {
                _gap = ChangeNotice.Missed(_gap?.First ?? notice.First, notice.Last);
            }
        }

        _signal.Set();
        return fits;
    }

    /// <summary>Waits for a notice; null when closed.</summary>
    public async Task<ChangeNotice?> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_closed)
                {
                    return null;
                }

                if (_notices.TryDequeue(out ChangeNotice? notice))
                {
                    return notice;
                }

                if (_gap is { } gap)
                {
                    _gap = null;
                    return gap;
                }
            }

            await _signal.WaitAsync(cancellation);
        }
    }

    /// <summary>Gives out nothing more. Idempotent.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _notices.Clear();
            _gap = null;
        }

        _signal.Set();
    }
}
