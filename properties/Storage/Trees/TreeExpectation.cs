using System.Collections.Immutable;

namespace SimGraph.Properties.Storage.Trees;

/// <summary>What a tree without a log must hold: everything up to a sequence that it names, which is at least the certain one. Immutable.</summary>
/// <param name="Certain">What the tree itself called durable.</param>
/// <param name="History">The batches applied, oldest first; the first one is at or before <paramref name="Certain"/>.</param>
internal sealed record TreeExpectation(ulong Certain, ImmutableList<TreeMoment> History)
{
    public static TreeExpectation Nothing { get; } = new(0, [new TreeMoment(0, [], TreeContent.Empty)]);

    public TreeMoment Last => History[^1];

    /// <summary>What the tree must hold if it opens with this sequence.</summary>
    /// <exception cref="StorageViolationException">It cannot be.</exception>
    public TreeMoment Find(ulong sequence)
    {
        if (sequence < Certain)
        {
            throw new StorageViolationException("lsm.durable-lost", $"the tree holds everything up to sequence {sequence}, but {Certain} was durable");
        }

        int index = IndexOf(sequence);
        return index >= 0
            ? History[index]
            : throw new StorageViolationException("lsm.impossible-sequence", $"the tree holds everything up to sequence {sequence}, which no batch had; the last was {Last.Sequence}");
    }

    /// <summary>The place of a sequence in the history; -1 if it is not there.</summary>
    public int IndexOf(ulong sequence) => History.FindLastIndex(moment => moment.Sequence == sequence);

    /// <summary>A tree was opened and holds this: what was before it counts no longer.</summary>
    public TreeExpectation Found(TreeMoment moment) => new(moment.Sequence, History.RemoveRange(0, IndexOf(moment.Sequence)));
}
