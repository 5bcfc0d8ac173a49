namespace SimGraph.Properties.Linearizability;

/// <summary>What is known of a history.</summary>
/// <param name="Operations">How many operations it has.</param>
/// <param name="Partitions">Each of its parts; after one that is not linearizable, no more.</param>
internal sealed record HistoryVerdict<TState, TAction>(int Operations, IReadOnlyList<PartitionVerdict<TState, TAction>> Partitions)
{
    /// <summary>One bad part makes a bad history, and otherwise one unclear part an unclear one.</summary>
    public Verdict Verdict
    {
        get
        {
            if (Broken is not null)
            {
                return Verdict.NotLinearizable;
            }

            return Partitions.Any(static part => part.Verdict == Verdict.Unknown) ? Verdict.Unknown : Verdict.Linearizable;
        }
    }

    /// <summary>The part that is not linearizable.</summary>
    public PartitionVerdict<TState, TAction>? Broken => Partitions.FirstOrDefault(static part => part.Verdict == Verdict.NotLinearizable);

    /// <summary>Configurations that all searches visited.</summary>
    public long States => Partitions.Sum(static part => part.States);

    /// <summary>Parts for which the claimed order did not do, or there was none.</summary>
    public int Searched => Partitions.Count(static part => !part.IsWitnessed);
}
