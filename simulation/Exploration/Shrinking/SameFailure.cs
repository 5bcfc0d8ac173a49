using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Exploration.Shrinking;

/// <summary>Runs variants of a failing run and says which of them fail in the same way: by the same class and the same check. Thread-safe.</summary>
internal sealed class SameFailure(IPlannedScenario scenario, Violation wanted, CancellationToken abort)
{
    /// <summary>How a variant fails; null when it does not, or in another way, or not within so many steps.</summary>
    public ScenarioOutcome? Find(FailingCase variant, long stepsMax) => Find(variant.Seed, variant.CreateChoices(), variant.Plan, stepsMax);

    /// <summary>As above, with choices of another source.</summary>
    public ScenarioOutcome? Find(ulong seed, IChoiceSource choices, object plan, long stepsMax)
    {
        try
        {
            ScenarioOutcome outcome = scenario.Run(new ScenarioRequest { Seed = seed, Choices = choices, StopAtStep = stepsMax, Abort = abort }, plan);
            return outcome.Result.Violation is { } violation && violation.Class == wanted.Class && violation.Name == wanted.Name ? outcome : null;
        }
#pragma warning disable CA1031 // A plan that makes no sense is refused by whatever it is given to; it is no variant of the failure.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }
}
