using SimGraph.Simulation.Exploration;
using SimGraph.Soak.Commands;

namespace SimGraph.Soak.Rendering;

/// <summary>Progress as lines, for logs.</summary>
internal static class PlainProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public static void Watch(BackgroundCampaign campaign, CampaignHeading heading, TextWriter output)
    {
        output.WriteLine(heading.Title);
        while (!campaign.Wait(Interval))
        {
            CampaignProgress progress = campaign.Progress;
            double seconds = Math.Max(0.001, progress.Elapsed.TotalSeconds);
            output.WriteLine(
                $"{heading.Limit(progress)}: {Quantity.Count(progress.Runs)} runs, {Quantity.About(progress.Steps / seconds)} steps/s, "
                + $"{Quantity.Time(progress.VirtualTime)} virtual, {Quantity.Count(progress.Counters.GetValueOrDefault(Counters.Commits))} commits, "
                + $"{Quantity.Count(progress.Faults)} faults, {Quantity.Count(progress.Violations)} violations");
            output.Flush();
        }
    }
}
