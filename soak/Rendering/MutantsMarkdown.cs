using SimGraph.Simulation.Exploration;
using SimGraph.Soak.Bench;
using SimGraph.Soak.Mutants;

namespace SimGraph.Soak.Rendering;

/// <summary>The same table for a document.</summary>
internal static class MutantsMarkdown
{
    public static void Write(MutantsResult result, MutantsOptions options, TextWriter output)
    {
        output.WriteLine(
            $"Profile `{Profiles.Swarm}`, seeds from 1, at most {Quantity.Time(options.Time)} each, {options.Jobs} {(options.Jobs == 1 ? "job" : "jobs")}. "
            + string.Join("; ", MachineDescription.Lines()) + ".");
        output.WriteLine();
        output.WriteLine("| id | defect | scenario | found as | seed | runs | seconds | CPU seconds |");
        output.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (DefectOutcome outcome in result.Outcomes)
        {
            string[] cells =
            [
                outcome.Defect.Id, outcome.Defect.Title, outcome.Defect.Test is null ? outcome.Scenario ?? string.Empty : "test", FoundAs(outcome), MutantsText.Seed(outcome), MutantsText.Runs(outcome),
                MutantsText.WallSeconds(outcome), MutantsText.CpuSeconds(outcome),
            ];
            output.WriteLine($"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |");
        }

        output.WriteLine();
        foreach (string line in MutantsText.Totals(result).Concat(MutantsText.Targets(result).Select(target => $"{(target.Met ? "met" : "missed")}: {target.Text}")))
        {
            output.WriteLine($"- {line}");
        }
    }

    private static string FoundAs(DefectOutcome outcome) => outcome.Verdict switch
    {
        DefectVerdict.Found => $"{MutantsText.ClassOf(outcome)}: `{outcome.Shown!.Name}`",
        DefectVerdict.FoundByTest => $"`{outcome.Defect.Test}` ({outcome.Defect.Note?.TrimEnd('.')})",
        _ => MutantsText.FoundAs(outcome),
    };
}
