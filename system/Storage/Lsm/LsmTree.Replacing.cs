using SimGraph.Runtime;

namespace SimGraph.Storage.Lsm;

public sealed partial class LsmTree
{
    /// <summary>Begins to write what shall replace the whole content. Reads, writes and other replacements go on meanwhile.</summary>
    /// <param name="sequence">The tree's sequence afterwards.</param>
    /// <exception cref="LsmException">The tree is stopped or has failed.</exception>
    public LsmReplacement BeginReplacement(ulong sequence)
    {
        _core.ThrowIfNotWritable();
        return new LsmReplacement(_core, _shelf, sequence);
    }

    /// <summary>
    /// Puts a finished replacement in the place of everything, durably. Cursors that are open stay as they are; snapshots from before are gone. It excludes
    /// <see cref="ApplyAsync"/>, as that excludes itself.
    /// </summary>
    /// <exception cref="LsmException">The tree is stopped, or has failed: which content a restart finds is then unknown.</exception>
    public async Task ReplaceAsync(LsmReplacement replacement, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        Invariant.Check(replacement.IsFinished, "only what is durable replaces a tree's content");
        Invariant.Check(Interlocked.Exchange(ref _writing, 1) == 0, "a tree has one writer at a time");
        try
        {
            Invariant.Check(replacement.Sequence > _core.LastSequence, "sequences ascend");
            await _manifest.ReplaceContentAsync(replacement.Tables, replacement.Sequence, cancellationToken);
            _core.Platform.Probes.Reachable("lsm.replaced");
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }
}
