using Spectre.Console;

namespace SimGraph.Soak;

/// <summary>Where a command writes to, and how it learns that it shall end.</summary>
internal sealed record Terminal
{
    /// <summary>Tables need some width, also in a file.</summary>
    private const int RedirectedWidth = 100;

    /// <summary>Standard output. Lines that are copied or searched are written here, so that nothing wraps them.</summary>
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Renders tables and colours onto the same output.</summary>
    public required IAnsiConsole Console { get; init; }

    /// <summary>True when somebody watches: a live view makes sense.</summary>
    public required bool IsInteractive { get; init; }

    public required CancellationToken Interrupted { get; init; }

    public static Terminal OfProcess(CancellationToken interrupted)
    {
        bool redirected = System.Console.IsOutputRedirected;
        return Of(System.Console.Out, System.Console.Error, !redirected, interrupted);
    }

    public static Terminal Of(TextWriter output, TextWriter error, bool isInteractive, CancellationToken interrupted)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isInteractive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isInteractive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isInteractive)
        {
            console.Profile.Width = RedirectedWidth;
        }

        return new Terminal
        {
            Out = output,
            Error = error,
            Console = console,
            IsInteractive = isInteractive && console.Profile.Capabilities.Ansi,
            Interrupted = interrupted,
        };
    }
}
