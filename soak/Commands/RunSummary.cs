// What `run --summary FILE` writes and other programs read, so that nobody has to read the text for people. A value that is not there is left out; a reader
// takes what it knows and skips the rest.

using System.Text.Json;
using SimGraph.Simulation.Exploration;

namespace SimGraph.Soak.Commands;

/// <summary>A campaign as JSON.</summary>
internal sealed record RunSummary
{
    public required string Scenario { get; init; }

    public required string Profile { get; init; }

    public required ulong FromSeed { get; init; }

    public required int Jobs { get; init; }

    public required long Runs { get; init; }

    public required long RunsTwice { get; init; }

    public required long Steps { get; init; }

    public required double VirtualSeconds { get; init; }

    public required double WallSeconds { get; init; }

    public required double CpuSeconds { get; init; }

    public required bool Interrupted { get; init; }

    public required int ExitCode { get; init; }

    public required IReadOnlyList<string> RequiredProbesMissed { get; init; }

    /// <summary>In order of their first seeds.</summary>
    public required IReadOnlyList<RunSummaryViolation> Violations { get; init; }

    public static RunSummary Of(CampaignReport report, ExplorerOptions options) => new()
    {
        Scenario = report.Scenario,
        Profile = report.Profile,
        FromSeed = report.FromSeed,
        Jobs = options.Jobs,
        Runs = report.Runs,
        RunsTwice = report.RunsTwice,
        Steps = report.Steps + report.RepeatedSteps,
        VirtualSeconds = report.VirtualTime.TotalSeconds,
        WallSeconds = report.WallTime.TotalSeconds,
        CpuSeconds = report.CpuTime.TotalSeconds,
        Interrupted = report.Interrupted,
        ExitCode = report.ExitCode,
        RequiredProbesMissed = report.RequiredProbesMissed,
        Violations = [.. report.Violations.Select(RunSummaryViolation.Of)],
    };

    public void WriteTo(Stream file) => JsonSerializer.Serialize(file, this, SoakJson.Default.RunSummary);

    /// <summary>Reads a file; null when it is not there or is not a whole summary.</summary>
    public static RunSummary? TryRead(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), SoakJson.Default.RunSummary);
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }
}
