using System.Globalization;
using SimGraph.Soak.Commands;
using SimGraph.Soak.Mutants;

namespace SimGraph.Soak.Rendering;

/// <summary>What is said of planted defects, in whatever form.</summary>
internal static class MutantsText
{
    private const int ShrunkOperationsTarget = 10;
    private const int ShrunkFaultsTarget = 3;
    private static readonly TimeSpan MedianTarget = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestTarget = TimeSpan.FromMinutes(10);

    /// <summary>As what it was found, or why it was not.</summary>
    public static string FoundAs(DefectOutcome outcome) => outcome.Verdict switch
    {
        DefectVerdict.Found => $"{ClassOf(outcome)}: {outcome.Shown!.Name}",
        DefectVerdict.FoundByTest => $"test: {outcome.Defect.Test}",
        DefectVerdict.Survived => outcome.Defect.Test is { } test ? $"SURVIVED {test}" : "SURVIVED",
        _ => $"NOT TRIED: {outcome.Problem}",
    };

    public static string ClassOf(DefectOutcome outcome) => outcome.Shown!.Class.ToString().ToLowerInvariant();

    public static string Effort(DefectOutcome outcome) => outcome.WasExplored
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{(outcome.Shown is { } shown ? $", seed {shown.Seed}" : string.Empty)}, {Runs(outcome)} {(outcome.Runs == 1 ? "run" : "runs")}, {Seconds(outcome.WallTime)} s, {Seconds(outcome.CpuTime)} s of CPU time")
        : string.Empty;

    public static string Runs(DefectOutcome outcome) => outcome.WasExplored ? Quantity.Count(outcome.Runs) : string.Empty;

    public static string Seed(DefectOutcome outcome) => outcome.Shown?.Seed.ToString(CultureInfo.InvariantCulture) ?? string.Empty;

    public static string WallSeconds(DefectOutcome outcome) => outcome.WasExplored ? Seconds(outcome.WallTime) : string.Empty;

    public static string CpuSeconds(DefectOutcome outcome) => outcome.WasExplored ? Seconds(outcome.CpuTime) : string.Empty;

    public static string Style(DefectOutcome outcome) => outcome.Verdict switch
    {
        DefectVerdict.Found or DefectVerdict.FoundByTest => "green",
        _ => "red bold",
    };

    /// <summary>The totals, one a line.</summary>
    public static IEnumerable<string> Totals(MutantsResult result)
    {
        int byTest = result.Count(DefectVerdict.FoundByTest);
        yield return $"{result.Count(DefectVerdict.Found)} found, {(byTest > 0 ? $"{byTest} found by a test, " : string.Empty)}{result.Count(DefectVerdict.Survived)} survived, "
            + $"{result.Count(DefectVerdict.NotTried)} not tried";
        if (result.Outcomes.Count(static outcome => outcome.SeedSurvivedEdit is not null) is > 0 and int edited)
        {
            int survived = result.Outcomes.Count(static outcome => outcome.SeedSurvivedEdit == true);
            yield return $"seeds that still show it after the edit: {survived} of {edited}"
                + (survived == edited ? string.Empty : $"; not those of {string.Join(", ", result.Outcomes.Where(static outcome => outcome.SeedSurvivedEdit == false).Select(static outcome => outcome.Defect.Patch))}");
        }

        foreach (string line in Shrunk(result))
        {
            yield return line;
        }

        if (result.MedianCpuTime is { } median)
        {
            yield return $"median of those found: {Seconds(median)} s of CPU time";
        }

        if (result.Longest is { } longest)
        {
            yield return $"longest: {longest.Defect.Patch}, {Seconds(longest.WallTime)} s, {Seconds(longest.CpuTime)} s of CPU time";
        }

        if (result.Interrupted)
        {
            yield return "Interrupted. What is above was done until then.";
        }
    }

    private static IEnumerable<string> Shrunk(MutantsResult result)
    {
        DefectOutcome[] shrunk = [.. result.Outcomes.Where(static outcome => outcome.Shrunk is not null)];
        if (shrunk.Length == 0)
        {
            yield break;
        }

        foreach (DefectOutcome outcome in shrunk)
        {
            ShrinkSummary small = outcome.Shrunk!;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{outcome.Defect.Patch} shrunk to {small.Operations} operations, {small.Faults} faults, {small.Steps} steps in {small.WallSeconds:0.0} s{(small.IsFinished ? string.Empty : ", not to its end")}");
        }

        int small10And3 = shrunk.Count(static outcome => outcome.Shrunk is { Operations: <= ShrunkOperationsTarget, Faults: <= ShrunkFaultsTarget });
        double[] seconds = [.. shrunk.Select(static outcome => outcome.Shrunk!.WallSeconds).Order()];
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"shrunk to at most {ShrunkOperationsTarget} operations and {ShrunkFaultsTarget} faults: {small10And3} of {shrunk.Length}; median {seconds[seconds.Length / 2]:0.0} s");
    }

    /// <summary>What is aimed at, and whether it is reached. Nothing when nothing was explored.</summary>
    public static IEnumerable<(string Text, bool Met)> Targets(MutantsResult result)
    {
        int tested = result.Outcomes.Count(static outcome => outcome.Defect.Test is not null);
        if (tested > 0)
        {
            int byTest = result.Count(DefectVerdict.FoundByTest);
            yield return ($"every listed defect that only a test can show is found by it: {byTest} of {tested}", byTest == tested && !result.Interrupted);
        }

        int tried = result.Outcomes.Count - tested;
        if (tried == 0)
        {
            yield break;
        }

        int found = result.Count(DefectVerdict.Found);
        yield return ($"every listed defect that runs can show is found: {found} of {tried}", found == tried && !result.Interrupted);
        if (result.MedianCpuTime is { } median)
        {
            yield return ($"median below {Seconds(MedianTarget)} s of CPU time: {Seconds(median)} s", median < MedianTarget);
        }

        if (result.Longest is { } longest)
        {
            yield return ($"none over {LongestTarget.TotalMinutes:0} min: the longest took {Seconds(longest.WallTime)} s", longest.WallTime <= LongestTarget);
        }
    }

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
