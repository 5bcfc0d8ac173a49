using SimGraph.Simulation.Exploration;

namespace SimGraph.Properties.Bench;

/// <summary>Runs a cluster of three machines under a stated load, for measuring.</summary>
public interface IClusterBench
{
    /// <summary>
    /// Runs once on the calling thread: boots the three machines, applies the load for the stretch of virtual time, and stops. The profile of the request gives the
    /// faults. The counter <c>cluster.commits</c> of the result is the number of committed client writes.
    /// </summary>
    ScenarioOutcome Run(ScenarioRequest request, ClusterBenchLoad load);
}
