using SimGraph.Simulation.Exploration;
using SimGraph.Soak.Commands;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SimGraph.Soak.Rendering;

/// <summary>Progress as a view that renews itself, for a terminal. It leaves nothing behind: the summary follows.</summary>
internal static class LiveView
{
    private const int BarWidthMax = 50;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    public static void Watch(BackgroundCampaign campaign, CampaignHeading heading, IAnsiConsole console)
    {
        console.Live(Render(campaign.Progress, heading, console.Profile.Width)).AutoClear(true).Start(live =>
        {
            while (!campaign.Wait(Interval))
            {
                live.UpdateTarget(Render(campaign.Progress, heading, console.Profile.Width));
            }
        });
    }

    internal static IRenderable Render(CampaignProgress progress, CampaignHeading heading, int width)
    {
        double seconds = Math.Max(0.001, progress.Elapsed.TotalSeconds);
        Grid grid = new Grid()
            .AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2))
            .AddColumn(new GridColumn().NoWrap().RightAligned().PadRight(2))
            .AddColumn(new GridColumn().NoWrap());
        Row(grid, "runs", Quantity.Count(progress.Runs), $"{Quantity.About(progress.Runs / seconds)} a second");
        Row(grid, "steps", Quantity.ShortCount(progress.Steps), $"{Quantity.About(progress.Steps / seconds)} a second");
        Row(grid, "virtual time", Quantity.Time(progress.VirtualTime), $"{Quantity.About(progress.VirtualTime.TotalSeconds / seconds)} times real time");
        Row(grid, "commits", Quantity.Count(progress.Counters.GetValueOrDefault(Counters.Commits)), string.Empty);
        Row(grid, "faults", Quantity.Count(progress.Faults), string.Empty);
        Row(grid, "violations", Quantity.Count(progress.Violations), string.Empty, progress.Violations > 0 ? "red bold" : "green");
        return new Rows(
            new Markup($"[bold]{Markup.Escape(heading.Title)}[/]"),
            new Markup($"  {Bar(heading.Done(progress), Math.Clamp(width - 30, 10, BarWidthMax))}  {Markup.Escape(heading.Limit(progress))}"),
            grid);
    }

    private static void Row(Grid grid, string name, string number, string note, string style = "default") => grid.AddRow(
        new Markup($"[grey]{name}[/]"), new Markup($"[{style}]{Markup.Escape(number)}[/]"), new Markup($"[grey]{Markup.Escape(note)}[/]"));

    private static string Bar(double done, int width)
    {
        int full = (int)(done * width);
        return $"[blue]{new string('━', full)}[/][grey]{new string('━', width - full)}[/]";
    }
}
