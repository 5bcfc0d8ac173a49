using System.Text.Json;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Exploration.Shrinking;

namespace SimGraph.Soak.Commands;

/// <summary>What `shrink --summary FILE` writes and other programs read.</summary>
internal sealed record ShrinkSummary
{
    // What clients of any scenario ask for is counted under names that end in one of these.
    private static readonly string[] OperationEndings = [".writes", ".reads", ".forwards", ".submissions", ".subscriptions", ".operations-planned"];

    // A run of many worlds that know nothing of each other tells how many lie on the way to its violation.
    private const string FaultsEnding = ".faults-to-violation";

    /// <summary>What the clients of the shrunk run asked for.</summary>
    public required long Operations { get; init; }

    /// <summary>Faults that were injected into it.</summary>
    public required long Faults { get; init; }

    public required long Steps { get; init; }

    /// <summary>Runs that were tried.</summary>
    public required long Runs { get; init; }

    public required double WallSeconds { get; init; }

    /// <summary>Whether nothing smaller was left to try.</summary>
    public required bool IsFinished { get; init; }

    public static ShrinkSummary Of(ShrinkReport report) => new()
    {
        Operations = OperationsOf(report.Last),
        Faults = FaultsOf(report.Last),
        Steps = report.Last.Result.Steps,
        Runs = report.Candidates,
        WallSeconds = report.Elapsed.TotalSeconds,
        IsFinished = report.IsFinished,
    };

    /// <summary>What the clients of a run asked for.</summary>
    public static long OperationsOf(ScenarioOutcome outcome) =>
        outcome.Result.Counters.Where(static counter => Array.Exists(OperationEndings, ending => counter.Key.EndsWith(ending, StringComparison.Ordinal))).Sum(static counter => counter.Value);

    /// <summary>Faults that led to the violation of a run.</summary>
    public static long FaultsOf(ScenarioOutcome outcome) =>
        outcome.Result.Counters.FirstOrDefault(static counter => counter.Key.EndsWith(FaultsEnding, StringComparison.Ordinal)) is { Key: not null } told
            ? told.Value
            : outcome.Result.Faults.Values.Sum();

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, SoakJson.Default.ShrinkSummary);

    /// <summary>Null when there is none.</summary>
    public static ShrinkSummary? TryRead(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), SoakJson.Default.ShrinkSummary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
