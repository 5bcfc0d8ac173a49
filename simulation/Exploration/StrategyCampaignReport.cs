using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Exploration;

/// <summary>What a campaign of strategies did. For a number of seeds everything but the time is a function of the code.</summary>
/// <param name="Strategies">In the order of the rotation.</param>
/// <param name="WallTime">Real time.</param>
/// <param name="Interrupted">True when it was cancelled.</param>
public sealed record StrategyCampaignReport(IReadOnlyList<StrategyReport> Strategies, TimeSpan WallTime, bool Interrupted)
{
    /// <summary>All runs.</summary>
    public long Runs => Strategies.Sum(strategy => strategy.Runs);

    /// <summary>The exit code: that of the worst class of violations; 130 for an interrupted campaign without one; otherwise 0.</summary>
    public int ExitCode
    {
        get
        {
            ViolationClass[] found = [.. Strategies.SelectMany(strategy => strategy.Findings).Select(finding => finding.First.Class)];
            return found.Length > 0 ? found.Min(each => (int)each) : Interrupted ? 130 : 0;
        }
    }
}
