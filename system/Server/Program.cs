using System.CommandLine;
using SimGraph.Server;

ServerCommand command = new();
ParseResult parsed = command.Root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
    {
        await Console.Error.WriteLineAsync($"simgraph-server: {error.Message}");
    }

    return ExitCodes.Usage;
}

// The host handles signals itself: a stop must be graceful, not a kill after two seconds.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
