// The continuations that can run now, as a four-ary heap over random priorities. A priority drawn once, when a continuation becomes ready, and kept, is the
// basic form of partial-order sampling (BasicPOS: Yuan, Yang and Gu, CAV 2018; docs/strategies.md compares it with others), and being keyed by task and
// ordinal it survives changes of the code.

namespace SimGraph.Simulation.Kernel;

internal sealed class ReadySet
{
    private const int Arity = 4;
    private ReadyItem[] _items = new ReadyItem[64];

    public int Count { get; private set; }

    public void Add(in ReadyItem item)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        ReadyItem[] items = _items;
        int index = Count++;
        while (index > 0)
        {
            int parent = (index - 1) / Arity;
            if (items[parent].Key <= item.Key)
            {
                break;
            }

            items[index] = items[parent];
            index = parent;
        }

        items[index] = item;
    }

    public ReadyItem Take()
    {
        ReadyItem[] items = _items;
        ReadyItem first = items[0];
        int count = --Count;
        ReadyItem last = items[count];
        items[count] = default;
        int index = 0;
        while (true)
        {
            int child = (index * Arity) + 1;
            if (child >= count)
            {
                break;
            }

            int best = child;
            int end = Math.Min(child + Arity, count);
            for (int other = child + 1; other < end; other++)
            {
                if (items[other].Key < items[best].Key)
                {
                    best = other;
                }
            }

            if (items[best].Key >= last.Key)
            {
                break;
            }

            items[index] = items[best];
            index = best;
        }

        if (count > 0)
        {
            items[index] = last;
        }

        return first;
    }
}
