// The command line: what a person or a CI job meets first. Parsing is System.CommandLine's; errors of use are one line on standard error and exit code 1,
// whatever they come from, and an exception that nobody expects is a failure of the harness, exit code 7.

using System.CommandLine;
using System.CommandLine.Parsing;
using SimGraph.Properties.Bench;
using SimGraph.Simulation.Exploration;
using SimGraph.Soak.Commands;

namespace SimGraph.Soak;

/// <summary>The command <c>simgraph</c>.</summary>
internal sealed class SimGraphApp(IReadOnlyList<IScenario> scenarios, IClusterBench? clusterBench, Terminal terminal)
{
    private const string Description =
        """
        Simulates a whole cluster of the graph database in one process, in virtual time, under faults, again and again, each time from another seed.
        A run is a pure function of its seed: what fails once can be replayed, step by step, under a debugger.

        Exit codes: 0 all held, 1 usage, 2 safety violated, 3 liveness violated, 4 something outlived Stop, 5 nondeterminism,
        6 unhandled exception in the system, 7 the harness failed, 130 interrupted.
        """;

    private static readonly Example[] Examples =
    [
        new("simgraph run", "explore for 30 seconds on all cores"),
        new("simgraph run --time 10m --keep-going", "count violations instead of ending at the first"),
        new("simgraph run --seeds 1000 --from 5000", "a fixed range of seeds: the same report everywhere"),
        new("simgraph repro 42", "replay seed 42 and print its events"),
        new("simgraph repro 42 --twice --no-events", "prove that seed 42 is deterministic"),
        new("simgraph repro FILE.simgraph", "replay a recorded run, checked at every choice"),
        new("simgraph shrink FILE.simgraph --test Bug.cs", "make a failed run as small as it gets, and an xunit test of it"),
        new("simgraph cause FILE.simgraph", "which faults a failed run needs, and which choice sealed it"),
        new("simgraph zoom FILE.simgraph --machine NAME --component wal", "what one component was asked, again in the fine lane"),
        new("simgraph check --model register FILE", "is a history that was recorded elsewhere linearizable?"),
        new("simgraph mutants", "plant known defects in a copy of the checkout, one by one: does the harness find them?"),
    ];

    public int Run(string[] args) => Invoke(Build, args, terminal);

    /// <summary>Parses and runs a command line, and turns what goes wrong into messages and exit codes.</summary>
    internal static int Invoke(Func<RootCommand> build, string[] args, Terminal terminal)
    {
        try
        {
            RootCommand root = build();
            ParseResult parsed = root.Parse(args);
            if (parsed.Errors.Count > 0)
            {
                throw new UsageException($"{BestOf(parsed.Errors)} (see {PathOf(parsed.CommandResult)} --help)");
            }

            return parsed.Invoke(new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception exception) when (exception is UsageException or ArtifactException)
        {
            terminal.Error.WriteLine($"simgraph: {exception.Message.ReplaceLineEndings(" ")}");
            return ExitCodes.Usage;
        }
        catch (OperationCanceledException) when (terminal.Interrupted.IsCancellationRequested)
        {
            terminal.Error.WriteLine("simgraph: interrupted");
            return ExitCodes.Interrupted;
        }
#pragma warning disable CA1031 // The last line: the exit code says that the harness failed, and the trace says where.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            terminal.Error.WriteLine($"simgraph: the harness failed: {exception}");
            return ExitCodes.Harness;
        }
    }

    private RootCommand Build()
    {
        var root = new RootCommand(Description)
        {
            RunCommand.Create(scenarios, terminal),
            ExploreCommand.Create(scenarios, terminal),
            GuideCommand.Create(scenarios, terminal),
            CoyoteCommand.Create(scenarios, terminal),
            ReproCommand.Create(scenarios, terminal),
            ShrinkCommand.Create(scenarios, terminal),
            CauseCommand.Create(scenarios, terminal),
            ZoomCommand.Create(scenarios, terminal),
            ScenariosCommand.Create(scenarios, terminal),
            CheckCommand.Create(terminal),
            BenchCommand.Create(clusterBench, terminal),
            MutantsCommand.Create(scenarios, terminal),
        };
        HelpWithExamples.AddTo(root, new Dictionary<string, Example[]>
        {
            [root.Name] = Examples,
            [RunCommand.Name] = RunCommand.Examples,
            [ExploreCommand.Name] = ExploreCommand.Examples,
            [GuideCommand.Name] = GuideCommand.Examples,
            [CoyoteCommand.Name] = CoyoteCommand.Examples,
            [ReproCommand.Name] = ReproCommand.Examples,
            [ShrinkCommand.Name] = ShrinkCommand.Examples,
            [CauseCommand.Name] = CauseCommand.Examples,
            [ZoomCommand.Name] = ZoomCommand.Examples,
            [CheckCommand.Name] = CheckCommand.Examples,
            [MutantsCommand.Name] = MutantsCommand.Examples,
        });
        root.SetAction(static int (_) => throw new UsageException("say what to do: run, explore, guide, coyote, repro, shrink, cause, zoom, scenarios, check, bench or mutants (see simgraph --help)"));
        return root;
    }

    private static string BestOf(IReadOnlyList<ParseError> errors)
    {
        // A word that nobody knows explains the errors that follow from it.
        ParseError best = errors.FirstOrDefault(error => error.Message.StartsWith("Unrecognized", StringComparison.Ordinal)) ?? errors[0];
        string message = best.Message.TrimEnd('.');
        return message.Length > 1 && char.IsUpper(message[0]) && char.IsLower(message[1]) ? char.ToLowerInvariant(message[0]) + message[1..] : message;
    }

    private static string PathOf(CommandResult command)
    {
        string name = command.Command is RootCommand ? "simgraph" : command.Command.Name;
        return command.Parent is CommandResult parent ? $"{PathOf(parent)} {name}" : name;
    }
}
