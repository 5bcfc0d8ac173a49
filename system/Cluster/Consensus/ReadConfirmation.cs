namespace SimGraph.Cluster.Consensus;

/// <summary>A read may be answered once the state machine has applied <paramref name="Index"/>.</summary>
/// <param name="Context">What the reader passed to <see cref="ConsensusCore.TryRequestRead"/>.</param>
/// <param name="Index">No older than anything committed when the read was requested.</param>
public readonly record struct ReadConfirmation(ulong Context, ulong Index);
