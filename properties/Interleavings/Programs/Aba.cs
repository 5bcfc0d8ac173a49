using static SimGraph.Properties.Interleavings.InterleavedTasks;

namespace SimGraph.Properties.Interleavings.Programs;

/// <summary>A compare-and-swap on a stack meets the top that it saw, over another rest.</summary>
internal sealed class Aba() : Interleaving("aba", depth: 2, "a compare-and-swap on a stack meets the top that it saw, over another rest.")
{
    public override Func<bool> Start(InterleavedTasks tasks, bool repaired)
    {
        const int None = -1;
        int[] below = [1, 2, None];
        bool[] isFreed = new bool[below.Length];
        int top = 0;
        int version = 0;
        int Pop()
        {
            int popped = top;
            top = popped == None ? None : below[popped];
            version++;
            return popped;
        }

        tasks.Run("popper", async () =>
        {
            await StepsAsync(4);
            (int seen, int next, int seenVersion) = (top, top == None ? None : below[top], version);
            await Task.Yield();
            if (top == seen && (!repaired || version == seenVersion))
            {
                top = next;
                version++;
            }
        });
        tasks.Run("recycler", async () =>
        {
            await StepsAsync(8);
            int first = Pop();
            await Task.Yield();
            int second = Pop();
            if (second != None)
            {
                isFreed[second] = true;
            }

            await Task.Yield();
            if (first != None)
            {
                (below[first], top) = (top, first);
                version++;
            }
        });
        return () => top == None || !isFreed[top];
    }
}
