using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace SimGraph.Soak.Commands;

/// <summary>The ordinary help, and examples after it: lists of commands stay short, and each command still teaches.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private readonly SynchronousCommandLineAction _help;
    private readonly Dictionary<string, Example[]> _examples;

    private HelpWithExamples(SynchronousCommandLineAction help, Dictionary<string, Example[]> examples)
    {
        _help = help;
        _examples = examples;
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    public static void AddTo(RootCommand root, Dictionary<string, Example[]> examples)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((SynchronousCommandLineAction)option.Action!, examples);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = _help.Invoke(parseResult);
        if (_examples.TryGetValue(parseResult.CommandResult.Command.Name, out Example[]? examples))
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (Example example in examples)
            {
                output.WriteLine($"  {example.Line}");
                output.WriteLine($"      {example.Meaning}");
            }

            output.WriteLine();
        }

        return exitCode;
    }
}
