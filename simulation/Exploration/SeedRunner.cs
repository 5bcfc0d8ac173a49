using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Exploration;

/// <summary>Runs one seed, some of them twice.</summary>
internal sealed class SeedRunner(IScenario scenario, ExplorerOptions options)
{
    /// <summary>Stirs the seed for the decision to run it twice, so that it has nothing to do with the choices of the run.</summary>
    private const ulong TwiceSalt = 0x7477696365;

    public RunDigest Run(ulong seed, CancellationToken abort)
    {
        var request = new ScenarioRequest { Seed = seed, Profile = options.Profile, Abort = abort };
        try
        {
            ScenarioOutcome outcome = scenario.Run(request);
            var digest = new RunDigest { Seed = seed, Options = outcome.Options, Result = outcome.Result, Violation = outcome.Result.Violation };
            if (outcome.Result.Stopped)
            {
                return digest with { Unfinished = true };
            }

            return digest.Violation is null && IsRunTwice(seed) ? RunAgain(digest, outcome.Result, request) : digest;
        }
#pragma warning disable CA1031 // A scenario that throws is a finding about the harness; the campaign reports it with its seed.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new RunDigest { Seed = seed, Violation = Thrown(exception) };
        }
    }

    public static Violation Thrown(Exception exception) => new(
        ViolationClass.Harness, $"harness.{exception.GetType().Name}", $"the scenario threw: {exception}", 0, TimeSpan.Zero);

    private bool IsRunTwice(ulong seed) => StableHash.Mix(seed ^ TwiceSalt) % 100 < (ulong)options.RunTwicePercent;

    private RunDigest RunAgain(RunDigest digest, RunResult first, ScenarioRequest request)
    {
        RunResult second = scenario.Run(request).Result;
        if (second.Stopped)
        {
            return digest;
        }

        return digest with
        {
            RepeatedSteps = second.Steps,
            Violation = first.Hash == second.Hash && first.Steps == second.Steps ? null : RunComparison.Explain(scenario, request, first, second),
        };
    }
}
