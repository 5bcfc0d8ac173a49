// The continuations that can run now, in the order in which they became ready, for a source of choices that picks one at every step. Taking one moves those
// behind it up by one, so a strategy can keep what it knows about each in a list of its own: new ones are at the end, and only the picked one goes.

namespace SimGraph.Simulation.Kernel;

/// <summary>What is ready, oldest first. A strategy reads it during its pick only.</summary>
public sealed class ReadyList
{
    private ReadyItem[] _items = new ReadyItem[16];

    internal ReadyList()
    {
    }

    /// <summary>How many continuations are ready.</summary>
    public int Count { get; private set; }

    /// <summary>The number of the task that a continuation belongs to: 0 for the first task of the world, counted on from there.</summary>
    public int TaskAt(int position) => At(position).Task.Number;

    /// <summary>The index of the machine that a continuation belongs to. Continuations of different machines share no memory.</summary>
    public int MachineAt(int position) => At(position).Task.Incarnation.Machine.Index;

    internal void Add(in ReadyItem item)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        _items[Count++] = item;
    }

    internal ReadyItem Take(int position)
    {
        ReadyItem item = At(position);
        Count--;
        Array.Copy(_items, position + 1, _items, position, Count - position);
        _items[Count] = default;
        return item;
    }

    private ref readonly ReadyItem At(int position)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)position, (uint)Count, nameof(position));
        return ref _items[position];
    }
}
