namespace SimGraph.Simulation.Exploration.Causes;

/// <summary>Something of the plan, and whether the failure needs it.</summary>
/// <param name="Without">The edit of the plan that takes it away.</param>
/// <param name="FailsAtOnce">Whether the same seed still fails in the same way without it.</param>
/// <param name="Failing">How many of the other seeds do; none are tried when the same one does.</param>
/// <param name="Tried">Other seeds that were tried.</param>
public sealed record CauseNeed(string Without, bool FailsAtOnce, int Failing, int Tried)
{
    /// <summary>Whether nothing that was tried fails without it.</summary>
    public bool IsNeeded => !FailsAtOnce && Failing == 0;
}
