// One run of a depth-first search: repeats the path that the search gives it, and then takes the oldest continuation at every step. The search is
// DepthFirstSearch; what is here is what one run needs.

using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Strategies;

/// <summary>Follows a path of picks and extends it.</summary>
internal sealed class DepthFirst(IChoiceSource below, List<(int Picked, int Ready)> path, int depthMax) : ScheduleStrategy(below, "dfs")
{
    private int _depth;

    /// <summary>True if a decision lay behind the bound, where only the first alternative is tried.</summary>
    public bool CameToBound { get; private set; }

    /// <summary>True if the run did not offer what it offered before: it is not a function of its choices.</summary>
    public bool Diverged { get; private set; }

    protected override int PickAt(long step, ReadyList ready)
    {
        if (ready.Count == 1)
        {
            return 0;
        }

        if (_depth >= depthMax)
        {
            CameToBound = true;
            return 0;
        }

        if (_depth == path.Count)
        {
            path.Add((0, ready.Count));
        }

        (int picked, int offered) = path[_depth++];
        Diverged |= offered != ready.Count;
        return Diverged ? 0 : picked;
    }
}
