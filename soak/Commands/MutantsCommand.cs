using System.CommandLine;
using SimGraph.Simulation.Exploration;
using SimGraph.Soak.Mutants;
using SimGraph.Soak.Mutants.Generic;
using SimGraph.Soak.Rendering;

namespace SimGraph.Soak.Commands;

/// <summary><c>simgraph mutants</c>: does the harness find what is known to be wrong?</summary>
internal static class MutantsCommand
{
    public const string Name = "mutants";

    private const int TimeDefaultSeconds = 60;

    private const string Description =
        """
        Proves that the harness finds defects: plants each patch of properties/planted in a copy of the checkout, builds, and explores without a hint (profile swarm, seeds
        from 1). Needs a checkout, git and the .NET SDK. Exit codes: 0 all were found, 2 one survived, 7 one could not be tried, 1 usage, 130 interrupted.
        """;

    public static Example[] Examples { get; } =
    [
        new("simgraph mutants --list", "what is planted, and what explores it"),
        new("simgraph mutants --only C01,W05 --time 30s", "two of them"),
        new("simgraph mutants --edit properties/planted/edits/system.patch", "do seeds survive a change of the code that has nothing to do with the defect?"),
        new("simgraph mutants --generic 120 --time 20s", "120 mistakes in consensus, log, storage and task scopes"),
        new("simgraph mutants --generic 120 --time 60s --tests", "the same, and what no run shows goes to the unit tests"),
        new("simgraph mutants --markdown table.md", "all of them, with the table of docs/planted-defects.md"),
    ];

    public static Command Create(IReadOnlyList<IScenario> scenarios, Terminal terminal)
    {
        var only = new Option<string[]>("--only")
        {
            Description = "Only these: ids such as C10 (all its patches) or names of patches, with commas between. May be given more than once.",
            HelpName = "ID[,ID]",
        };
        Option<TimeSpan> time = Parsing.TimeOption(TimeSpan.FromSeconds(TimeDefaultSeconds), "How long each is explored, such as 30s or 5m; its scenarios share the time.");
        var jobs = new Option<int?>("--jobs")
        {
            Description = "How many runs at a time, and how many processes build. Default: one for each core.",
            HelpName = "N",
            CustomParser = static result => Parsing.Number<int>(result, "--jobs", 1, 1024),
        };
        var keep = new Option<string?>("--keep") { Description = "Make the copy here, in a new folder, and leave it, with summaries and artifacts of the runs.", HelpName = "DIR" };
        var markdown = new Option<string?>("--markdown") { Description = "Write the table to this file too.", HelpName = "FILE" };
        var list = new Option<bool>("--list") { Description = "Only list what is planted, and what explores it." };
        var generic = new Option<int?>("--generic")
        {
            Description = "Not the patches, but so many small mistakes made in the compiled system: conditions turned around, awaits dropped, flushes skipped. Needs no checkout.",
            HelpName = "N",
            CustomParser = static result => Parsing.Number<int>(result, "--generic", 1, 100_000),
        };
        var tests = new Option<bool>("--tests") { Description = "With --generic: give what no run shows to the unit tests, too. Needs a checkout and the .NET SDK." };
        var edit = new Option<string?>("--edit")
        {
            Description = "Also tell whether the seed that shows a defect still does when this patch, which has nothing to do with it, is applied on top.",
            HelpName = "PATCH",
        };
        var shrink = new Option<TimeSpan?>("--shrink")
        {
            Description = "Also shrink what was found, each for so long at most, and tell how small it gets.",
            HelpName = "TIME",
            CustomParser = static result => Parsing.Duration(result, "--shrink"),
        };
        var command = new Command(Name, Description) { only, time, jobs, keep, markdown, list, generic, tests, edit, shrink };
        command.SetAction(async (parsed, _) =>
        {
            string[] names = [.. (parsed.GetValue(only) ?? []).SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
            if (parsed.GetValue(tests) && parsed.GetValue(generic) is null)
            {
                throw new UsageException("--tests: it goes with --generic; a planted defect names its test");
            }

            Checkout? checkout = parsed.GetValue(generic) is null ? Checkout.Find(Environment.CurrentDirectory) : null;
            IReadOnlyList<Mutation> mutations = parsed.GetValue(generic) is { } count ? SelectMutations(count, names) : [];
            IReadOnlyList<PlantedDefect> defects = checkout is null ? [.. mutations.Select(mutation => mutation.ToDefect())] : PlantedIndex.Load(checkout.PlantedFolder).Select(names);
            foreach (string scenario in defects.SelectMany(defect => defect.Scenarios))
            {
                Parsing.Find(scenarios, scenario);
            }

            if (parsed.GetValue(list))
            {
                MutantsView.WriteList(defects, terminal);
                return ExitCodes.Held;
            }

            var options = new MutantsOptions(parsed.GetValue(time), parsed.GetValue(jobs) ?? Environment.ProcessorCount, parsed.GetValue(keep), FullPath(parsed.GetValue(edit)), parsed.GetValue(shrink));
            using FileStream? document = Parsing.Create("--markdown", parsed.GetValue(markdown));
            using var workspace = Workspace.Create(options.KeepFolder, terminal.Error);
            UnitTests? unitTests = parsed.GetValue(tests) ? new UnitTests(Checkout.Find(Environment.CurrentDirectory), workspace, options) : null;
            IDefectTrial trial = checkout is null ? new MutationTrial(mutations, workspace, unitTests, options) : new DefectTrial(checkout, workspace, options);
            return await RunAsync(trial, workspace.Folder, defects, options, document, terminal);
        });
        return command;
    }

    private static string? FullPath(string? patch) => patch is null ? null
        : File.Exists(patch) ? Path.GetFullPath(patch)
        : throw new UsageException($"--edit: there is no file {patch}");

    /// <summary>Those of these ids, or a sample.</summary>
    private static IReadOnlyList<Mutation> SelectMutations(int count, string[] ids)
    {
        IReadOnlyDictionary<string, string> equivalent = EquivalentMutations.Load(Environment.CurrentDirectory);
        IReadOnlyList<Mutation> all = new MutationCatalogue(AppContext.BaseDirectory).FindAll();
        string? unknown = ids.FirstOrDefault(id => !all.Any(mutation => mutation.Id == id));
        return unknown is not null ? throw new UsageException($"--only: there is no place for a mistake called '{unknown}'; `simgraph mutants --generic 100000 --list` lists them")
            : ids.Length > 0 ? [.. all.Where(mutation => ids.Contains(mutation.Id, StringComparer.Ordinal))]
            : MutationCatalogue.Sample([.. all.Where(mutation => !equivalent.ContainsKey(mutation.Id))], count);
    }

    private static async Task<int> RunAsync(
        IDefectTrial trial, string folder, IReadOnlyList<PlantedDefect> defects, MutantsOptions options, FileStream? document, Terminal terminal)
    {
        terminal.Out.WriteLine(
            $"{defects.Count} planted defects, profile {Profiles.Swarm}, seeds from 1, at most {Quantity.Time(options.Time)} each, {options.Jobs} {(options.Jobs == 1 ? "job" : "jobs")}, in {folder}");
        var run = new MutantsRun(defects, trial, terminal);
        return await run.RunAsync(result => Report(result, options, trial is MutationTrial, document, terminal));
    }

    private static void Report(MutantsResult result, MutantsOptions options, bool isGeneric, FileStream? document, Terminal terminal)
    {
        using StreamWriter? writer = document is null ? null : new StreamWriter(document);
        if (isGeneric)
        {
            GenericMutantsView.Write(result, terminal.Out);
            GenericMutantsView.Write(result, writer ?? TextWriter.Null);
        }
        else
        {
            MutantsView.Write(result, terminal);
            MutantsMarkdown.Write(result, options, writer ?? TextWriter.Null);
        }
    }
}
