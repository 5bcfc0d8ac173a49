using System.Globalization;
using SimGraph.Simulation.Exploration;

namespace SimGraph.Soak.Rendering;

/// <summary>Which campaign this is, and how long it goes on.</summary>
internal sealed class CampaignHeading(string scenario, ExplorerOptions options)
{
    public string Title => string.Create(
        CultureInfo.InvariantCulture,
        $"{scenario}, profile {options.Profile}, seeds from {options.FromSeed}, {options.Jobs} {(options.Jobs == 1 ? "job" : "jobs")}");

    /// <summary>What of the campaign is done, from 0 to 1; 0 when it has no limit.</summary>
    public double Done(CampaignProgress progress) => Math.Min(
        1,
        Math.Max(
            options.Time is { } time ? progress.Elapsed / time : 0,
            options.Seeds is { } seeds ? (double)progress.Runs / seeds : 0));

    public string Limit(CampaignProgress progress)
    {
        string elapsed = Quantity.Time(progress.Elapsed);
        return (options.Time, options.Seeds) switch
        {
            ({ } time, null) => $"{elapsed} of {Quantity.Time(time)}",
            (null, { } seeds) => $"{elapsed}, {Quantity.Count(progress.Runs)} of {Quantity.Count(seeds)} seeds",
            ({ } time, { } seeds) => $"{elapsed} of {Quantity.Time(time)}, {Quantity.Count(progress.Runs)} of {Quantity.Count(seeds)} seeds",
            _ => elapsed,
        };
    }
}
