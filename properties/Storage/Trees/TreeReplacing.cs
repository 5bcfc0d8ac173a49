using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Storage.Trees;

/// <summary>Puts other content in the place of everything in a tree, or begins to and gives it up.</summary>
internal static class TreeReplacing
{
    /// <summary>The changes that make the new content of the old one: a tree that did not get it gets them from its owner's log.</summary>
    public static PlannedChange[] ChangesOf(LsmOperation operation) =>
    [
        .. Enumerable.Range(0, TreeKeys.Count).Select(static key => new PlannedChange(PlannedChangeKind.Delete, key, 0, 0)),
        .. operation.Changes.Where(static change => change.Kind == PlannedChangeKind.Put),
    ];

    /// <summary>Replaces the content by that of a moment.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="next">What it shall hold.</param>
    /// <param name="givesUp">Abandon it when it is written.</param>
    /// <param name="onReplace">Called before the tree may hold it.</param>
    /// <param name="prompt">Watches the calls.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="LsmException">The disk failed, or the tree has.</exception>
    public static async Task RunAsync(LsmTree tree, TreeMoment next, bool givesUp, Action onReplace, Promptness prompt, CancellationToken stop)
    {
        LsmReplacement replacement = tree.BeginReplacement(next.Sequence);
        bool isTaken = false;
        try
        {
            foreach (KeyValuePair<string, TreeValue> pair in next.Content.Pairs)
            {
                await prompt.CallAsync("adding to a replacement", () => replacement.AddAsync(TreeKeys.BytesOf(pair.Key), pair.Value.ToBytes(), stop).AsTask());
            }

            await CheckOrderAsync(replacement, next.Content, stop);
            await prompt.CallAsync("finishing a replacement", () => replacement.FinishAsync(stop));
            if (!givesUp)
            {
                isTaken = true;
                onReplace();

                // Not watched: what the manifest says is made durable, or nobody knows what a restart finds.
                await tree.ReplaceAsync(replacement, stop);
            }
        }
        finally
        {
            // From the call on it is the tree's.
            if (!isTaken)
            {
                await replacement.AbandonAsync();
                await replacement.AbandonAsync();
            }
        }
    }

    // What came before, or the same again, is refused and changes nothing.
    private static async Task CheckOrderAsync(LsmReplacement replacement, TreeContent content, CancellationToken stop)
    {
        if (content.Pairs.IsEmpty)
        {
            return;
        }

        try
        {
            await replacement.AddAsync(TreeKeys.BytesOf(content.Pairs.Last().Key), default, stop);
        }
        catch (FormatException)
        {
            return;
        }

        throw new StorageViolationException("lsm.replacement-out-of-order", "a replacement took the same key twice");
    }
}
