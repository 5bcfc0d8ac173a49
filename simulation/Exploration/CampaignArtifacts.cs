using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Exploration;

/// <summary>Runs the first seed of each kind of violation again, with its choices recorded and stacks captured, and saves it.</summary>
internal sealed class CampaignArtifacts(IScenario scenario, ExplorerOptions options)
{
    private const int ArtifactsMax = 20;

    public CampaignReport SaveAll(CampaignReport report, CancellationToken cancellation)
    {
        if (options.ArtifactFolder is not { } folder || report.Violations.Count == 0)
        {
            return report;
        }

        var groups = new List<ViolationGroup>();
        foreach (ViolationGroup group in report.Violations)
        {
            if (!group.CanRunAgain || groups.Count >= ArtifactsMax)
            {
                groups.Add(group with { ArtifactProblem = group.CanRunAgain ? $"only the first {ArtifactsMax} get one" : "the run has no end that could be recorded" });
                continue;
            }

            (ViolationGroup saved, ViolationGroup? other) = Save(group, folder, cancellation);
            groups.Add(saved);
            if (other is not null && !groups.Exists(known => known.First.Name == other.First.Name))
            {
                groups.Add(other);
            }
        }

        return report with { Violations = groups };
    }

    private (ViolationGroup Saved, ViolationGroup? Other) Save(ViolationGroup group, string folder, CancellationToken cancellation)
    {
        var request = new ScenarioRequest
        {
            Seed = group.FirstSeed,
            Profile = options.Profile,

            // A stack for every timer and connection is slow; only the report of a leak shows them.
            CaptureStacks = group.First.Class == ViolationClass.Leak,
            Abort = cancellation,
        };
        RunArtifact artifact = RunRecorder.Record(scenario, request, out bool stopped);
        if (stopped)
        {
            return (group with { ArtifactProblem = "interrupted" }, null);
        }

        try
        {
            string path = artifact.Save(folder);
            ViolationGroup saved = group with { ArtifactPath = path };
            bool same = artifact.Hash == group.Hash && artifact.Violation?.Name == group.First.Name;
            if (same)
            {
                // Taken with stacks: it says more.
                return (saved with { First = artifact.Violation! }, null);
            }

            return (saved, group.First.Class == ViolationClass.Nondeterminism ? null : Nondeterministic(group, artifact));
        }
        catch (ArtifactException exception)
        {
            return (group with { ArtifactProblem = exception.Message }, null);
        }
    }

    private static ViolationGroup Nondeterministic(ViolationGroup group, RunArtifact artifact)
    {
        string then = artifact.Violation is { } violation ? violation.Name : "no violation";
        var found = new Violation(
            ViolationClass.Nondeterminism,
            "nondeterminism.re-run",
            $"seed {group.FirstSeed} was run again to record it and took another way: {group.First.Name} with hash {group.Hash:x16} at first, then {then} with {artifact.Hash:x16}",
            artifact.Steps,
            TimeSpan.Zero);
        return group with { First = found, ArtifactPath = null, Hash = artifact.Hash };
    }
}
