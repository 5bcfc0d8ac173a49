// What a log promises, looked at when it was stopped and opened again: it holds what it acknowledged, nothing else, in an order of the calls that their callers can have meant; it refused what could
// not follow, and only that; behind a stop it takes nothing.
//
// The order of two calls is known unless they overlapped on their callers' stacks, for there the log queues them. So the search for an order has a choice only where calls did overlap.

using SimGraph.Properties.Storage.Wal;
using SimGraph.Storage.Log;
using Xunit;

namespace SimGraph.Coyote.Tests.Zoom.Log;

/// <summary>Judges the calls of one schedule.</summary>
/// <param name="before">What the log held before them.</param>
/// <param name="options">The log's.</param>
/// <param name="made">The calls.</param>
/// <param name="found">What it held in the end.</param>
internal sealed class LogPromises(WalModel before, WriteAheadLogOptions options, IReadOnlyList<MadeCall> made, WalModel found)
{
    private const int TriesMax = 100_000;
    private readonly MadeCall[] _judged =
    [
        .. made.Where(static call => call.Batch is not null && call.End is CallEnd.Done or CallEnd.Refused).OrderBy(static call => call.Begun),
    ];

    private readonly HashSet<MadeCall> _placed = [];
    private WalModel? _nearest;
    private int _tries;

    internal void Check()
    {
        foreach (MadeCall call in made)
        {
            Assert.True(call.End != CallEnd.Failed, $"call {call.Asked.Number} ({call.Asked.Call}) failed though the disk did not: {call.Failure}");
        }

        int stopped = made.Where(static call => call.Asked.Call == "stop").Select(static call => call.Answered).DefaultIfEmpty(int.MaxValue).Min();
        foreach (MadeCall call in _judged)
        {
            Assert.True(call.Begun < stopped || call.End != CallEnd.Done, $"call {call.Asked.Number} ({call.Asked.Call}) was acknowledged by a log that was stopped before");
        }

        Assert.True(
            HasOrder(before),
            $"the log holds\n  {found.Describe()}\nbut what it acknowledged makes it\n  {(_nearest ?? before).Describe()}\nby the calls {string.Join(", ", _judged.Select(static call => $"{call.Asked.Number}:{call.End}"))}");
    }

    private bool HasOrder(WalModel model)
    {
        if (_placed.Count == _judged.Length)
        {
            _nearest ??= model;
            return model.Holds(found);
        }

        Assert.True(++_tries <= TriesMax, "so many calls overlap that their order is unclear");
        foreach (MadeCall next in Candidates())
        {
            if (TryFollow(model, next) is { } then)
            {
                _placed.Add(next);
                if (HasOrder(then))
                {
                    return true;
                }

                _placed.Remove(next);
            }
        }

        return false;
    }

    // Those that no other one was over before.
    private List<MadeCall> Candidates()
    {
        var candidates = new List<MadeCall>();
        int firstReturned = int.MaxValue;
        foreach (MadeCall call in _judged)
        {
            if (call.Begun > firstReturned)
            {
                break;
            }

            if (!_placed.Contains(call))
            {
                candidates.Add(call);
                firstReturned = Math.Min(firstReturned, call.Returned);
            }
        }

        return candidates;
    }

    // The log behind the call, if it can have ended as it did there; otherwise null.
    private WalModel? TryFollow(WalModel model, MadeCall call)
    {
        LogBatch batch = call.Batch!;
        if (batch.Entries is [{ Index: 0 } entry])
        {
            if (call.End == CallEnd.Done && call.Index != model.Last + 1)
            {
                return null;
            }

            batch = new LogBatch { Entries = [entry with { Index = model.Last + 1 }] };
        }

        return Fits(model, batch) != (call.End == CallEnd.Done) ? null
            : call.End == CallEnd.Done ? model.After(batch)
            : model;
    }

    private bool Fits(WalModel model, LogBatch batch)
    {
        if (batch.State?.Length > options.StateBytesMax || batch.Entries.Any(entry => entry.Payload.Length > options.RecordBytesMax))
        {
            return false;
        }

        ulong start = model.Start.Index;
        ulong last = model.Last;
        if (batch.Start is { } position)
        {
            if (position.Index == start && position != model.Start)
            {
                return false;
            }

            if (position.Index > start)
            {
                last = position.Index <= last && model.TermOf(position.Index) == position.Term ? last : position.Index;
                start = position.Index;
            }
        }

        foreach (LogEntry entry in batch.Entries)
        {
            if (entry.Index <= start || entry.Index - 1 > last)
            {
                return false;
            }

            last = entry.Index;
        }

        return true;
    }
}
