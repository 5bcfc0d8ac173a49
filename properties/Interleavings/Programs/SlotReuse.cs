using static SimGraph.Properties.Interleavings.InterleavedTasks;

namespace SimGraph.Properties.Interleavings.Programs;

/// <summary>A slot is freed and given away between a user's look-up and its write.</summary>
internal sealed class SlotReuse() : Interleaving("slot-reuse", depth: 3, "a slot is freed and given away between a user's look-up and its write.")
{
    public override Func<bool> Start(InterleavedTasks tasks, bool repaired)
    {
        const string Free = "free";
        string owner = "user";
        string content = "old";
        int generation = 1;
        tasks.Run("user", async () =>
        {
            await StepsAsync(3);
            if (owner != "user")
            {
                return;
            }

            int seen = generation;
            await StepsAsync(2);
            if (!repaired || seen == generation)
            {
                content = "the user's";
            }
        });
        tasks.Run("deleter", async () =>
        {
            await StepsAsync(8);
            owner = Free;
            generation++;
        });
        tasks.Run("allocator", async () =>
        {
            await StepsAsync(8);
            if (owner == Free)
            {
                owner = "allocator";
                content = "the allocator's";
            }
        });
        return () => owner != "allocator" || content == "the allocator's";
    }
}
