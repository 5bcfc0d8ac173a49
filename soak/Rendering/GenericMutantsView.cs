using System.Globalization;
using SimGraph.Soak.Mutants;

namespace SimGraph.Soak.Rendering;

/// <summary>What became of mistakes that nobody chose: how many of each kind were found, and by name those that were not. The same for a terminal and a document.</summary>
internal static class GenericMutantsView
{
    private const double FoundTarget = 0.95;

    public static void Write(MutantsResult result, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("| mistake | found by runs | by unit tests alone | survived | not tried | median CPU seconds |");
        output.WriteLine("|---|---|---|---|---|---|");
        foreach (IGrouping<string, DefectOutcome> kind in result.Outcomes.GroupBy(static outcome => OperatorOf(outcome.Defect)).OrderBy(static kind => kind.Key, StringComparer.Ordinal))
        {
            output.WriteLine(Row(kind.Key, new MutantsResult([.. kind], Interrupted: false)));
        }

        output.WriteLine(Row("all", result));
        WriteSurvivors(result, output);
        output.WriteLine();
        int byRuns = result.Count(DefectVerdict.Found);
        int byTests = result.Count(DefectVerdict.FoundByTest);
        int found = byRuns + byTests;
        int explored = found + result.Count(DefectVerdict.Survived);
        foreach (string line in MutantsText.Totals(result))
        {
            output.WriteLine($"- {line}");
        }

        if (explored > 0)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"- {(found >= FoundTarget * explored ? "met" : "missed")}: at least {FoundTarget:0 %} are found: {found} of {explored}, {(double)found / explored:0.0 %}, {byRuns} of them by runs"));
        }
    }

    private static void WriteSurvivors(MutantsResult result, TextWriter output)
    {
        Write("Found by unit tests alone:", [.. result.Outcomes.Where(static outcome => outcome.Verdict == DefectVerdict.FoundByTest)], output);
        Write(
            "Not found, to be tried again with `--only`:",
            [.. result.Outcomes.Where(static outcome => outcome.Verdict is DefectVerdict.Survived or DefectVerdict.NotTried)],
            output);
    }

    private static void Write(string title, IReadOnlyList<DefectOutcome> outcomes, TextWriter output)
    {
        if (outcomes.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine(title);
        output.WriteLine();
        foreach (DefectOutcome outcome in outcomes)
        {
            output.WriteLine($"- `{outcome.Defect.Patch}`: {outcome.Defect.Title}: {MutantsText.FoundAs(outcome)}{MutantsText.Effort(outcome)}");
        }
    }

    private static string Row(string name, MutantsResult result) =>
        $"| {name} | {result.Count(DefectVerdict.Found)} | {result.Count(DefectVerdict.FoundByTest)} | {result.Count(DefectVerdict.Survived)} | {result.Count(DefectVerdict.NotTried)} | {(result.MedianCpuTime is { } median ? MutantsText.Seconds(median) : "-")} |";

    private static string OperatorOf(PlantedDefect defect) => defect.Patch.Split('-')[^2];
}
