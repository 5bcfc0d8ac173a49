// A four-ary heap ordered by (time, order of scheduling). Entries carry their keys, so that comparisons do not chase pointers; events know their
// place, so that a cancelled timer leaves at once and memory follows the number of live timers, not the length of the run.

using SimGraph.Runtime;

namespace SimGraph.Simulation.Kernel;

internal sealed class EventHeap
{
    private const int Arity = 4;
    private Entry[] _entries = new Entry[64];
    private ulong _sequence;

    public int Count { get; private set; }

    public long NextDue => _entries[0].Due;

    public bool IsDue(long now) => Count > 0 && _entries[0].Due <= now;

    public void Add(ScheduledEvent scheduled, long due)
    {
        Invariant.Check(!scheduled.IsScheduled, "an event is scheduled once at a time");
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        SiftUp(Count++, new Entry(due, _sequence++, scheduled));
    }

    public ScheduledEvent Take()
    {
        ScheduledEvent first = _entries[0].Event;
        RemoveAt(0);
        return first;
    }

    public void Remove(ScheduledEvent scheduled)
    {
        if (scheduled.IsScheduled)
        {
            RemoveAt(scheduled.HeapIndex);
        }
    }

    private void RemoveAt(int index)
    {
        _entries[index].Event.HeapIndex = ScheduledEvent.NotScheduled;
        Entry last = _entries[--Count];
        _entries[Count] = default;
        if (index == Count)
        {
            return;
        }

        if (index > 0 && last.IsBefore(in _entries[(index - 1) / Arity]))
        {
            SiftUp(index, last);
        }
        else
        {
            SiftDown(index, last);
        }
    }

    private void SiftUp(int index, Entry entry)
    {
        Entry[] entries = _entries;
        while (index > 0)
        {
            int parent = (index - 1) / Arity;
            if (!entry.IsBefore(in entries[parent]))
            {
                break;
            }

            Place(index, in entries[parent]);
            index = parent;
        }

        Place(index, in entry);
    }

    private void SiftDown(int index, Entry entry)
    {
        Entry[] entries = _entries;
        while (true)
        {
            int child = (index * Arity) + 1;
            if (child >= Count)
            {
                break;
            }

            int best = child;
            int end = Math.Min(child + Arity, Count);
            for (int other = child + 1; other < end; other++)
            {
                if (entries[other].IsBefore(in entries[best]))
                {
                    best = other;
                }
            }

            if (!entries[best].IsBefore(in entry))
            {
                break;
            }

            Place(index, in entries[best]);
            index = best;
        }

        Place(index, in entry);
    }

    private void Place(int index, in Entry entry)
    {
        _entries[index] = entry;
        entry.Event.HeapIndex = index;
    }

    private readonly struct Entry(long due, ulong sequence, ScheduledEvent scheduled)
    {
        public readonly long Due = due;
        public readonly ulong Sequence = sequence;
        public readonly ScheduledEvent Event = scheduled;

        public bool IsBefore(in Entry other) => Due < other.Due || (Due == other.Due && Sequence < other.Sequence);
    }
}
