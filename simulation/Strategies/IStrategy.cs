using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Strategies;

/// <summary>A way to explore schedules, over the runs of one campaign: what a run has shown may decide about the next ones. Runs do not overlap.</summary>
public interface IStrategy
{
    /// <summary>As typed on a command line.</summary>
    string Name { get; }

    /// <summary>True once every schedule within its bounds has been run.</summary>
    bool IsExhausted { get; }

    /// <summary>True if a bound kept it from alternatives: exhausted then means within the bound.</summary>
    bool CameToBound { get; }

    /// <summary>The source of choices of the next run. Not called when exhausted.</summary>
    /// <param name="seed">Of what is not the schedule, and of what the strategy draws.</param>
    IChoiceSource Begin(ulong seed);

    /// <summary>The run that was begun has ended.</summary>
    /// <returns>What the strategy found wrong with the run itself; null if nothing.</returns>
    Violation? End();
}
