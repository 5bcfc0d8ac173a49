using System.Globalization;
using System.Text;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using Spectre.Console;

namespace SimGraph.Soak.Rendering;

/// <summary>What failed and how to bring it back. Written so that lines can be copied: nothing wraps them.</summary>
internal static class ViolationView
{
    private const int MessageLinesMax = 40;
    private const int GroupsMax = 20;
    private const int OptionsWidth = 100;

    public static void Write(CampaignReport report, ExplorerOptions options, Terminal terminal, bool canShrink)
    {
        foreach (ViolationGroup group in report.Violations.Take(GroupsMax))
        {
            terminal.Out.WriteLine();
            WriteHead(group.First, terminal);
            Line(terminal, "seed", string.Create(CultureInfo.InvariantCulture, $"{group.FirstSeed}{(group.Runs > 1 ? $", and {group.Runs - 1} more runs" : string.Empty)}"));
            Line(terminal, "scenario", $"{report.Scenario}, profile {report.Profile}");
            WriteOptions(group.Options, terminal);
            Line(terminal, "artifact", group.ArtifactPath ?? $"none: {group.ArtifactProblem ?? "not asked for"}");
            Line(terminal, "reproduce", ReproduceCommand.For(report.Scenario, options.Profile, group.FirstSeed));
            if (canShrink && group.ArtifactPath is { } artifact)
            {
                Line(terminal, "shrink", ReproduceCommand.Shrink(artifact));
            }
        }

        if (report.Violations.Count > GroupsMax)
        {
            terminal.Out.WriteLine($"and {report.Violations.Count - GroupsMax} more kinds");
        }
    }

    public static void WriteHead(Violation violation, Terminal terminal)
    {
        string kind = violation.Class.ToString().ToUpperInvariant();
        terminal.Console.MarkupLine($"[red bold]{kind}[/] [bold]{Markup.Escape(violation.Name)}[/]");
        string[] lines = violation.Message.Split('\n');
        foreach (string line in lines.Take(MessageLinesMax))
        {
            terminal.Out.WriteLine($"  {line.TrimEnd()}");
        }

        if (lines.Length > MessageLinesMax)
        {
            terminal.Out.WriteLine($"  and {lines.Length - MessageLinesMax} more lines");
        }

        Line(terminal, "at", string.Create(CultureInfo.InvariantCulture, $"step {violation.Step}, virtual time {Quantity.At(violation.At)} s"));
    }

    public static void WriteOptions(IReadOnlyList<KeyValuePair<string, string>> options, Terminal terminal)
    {
        var line = new StringBuilder();
        string name = "options";
        void Flush()
        {
            if (line.Length > 0)
            {
                Line(terminal, name, line.ToString());
                name = string.Empty;
                line.Clear();
            }
        }

        int zeros = options.Count(option => option.Value == "0");
        foreach ((string key, string value) in options.Where(option => option.Value != "0"))
        {
            // An element of a list, such as a step of the script of faults, reads best alone.
            bool alone = key.EndsWith(']');
            string option = $"{key}={value}";
            if (alone || line.Length + option.Length >= OptionsWidth)
            {
                Flush();
            }

            line.Append(line.Length > 0 ? " " : string.Empty).Append(option);
            if (alone)
            {
                Flush();
            }
        }

        Flush();
        if (zeros > 0)
        {
            Line(terminal, name, $"and {zeros} more that are 0");
        }
    }

    public static void Line(Terminal terminal, string name, string text) => terminal.Out.WriteLine($"  {name,-10} {text}");
}
