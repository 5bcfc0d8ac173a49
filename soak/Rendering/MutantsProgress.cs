using SimGraph.Soak.Mutants;
using Spectre.Console;

namespace SimGraph.Soak.Rendering;

/// <summary>A line for each defect as it is done; on a terminal also one that says what goes on.</summary>
internal sealed class MutantsProgress
{
    private readonly Terminal _terminal;
    private readonly StatusContext? _status;

    private MutantsProgress(Terminal terminal, StatusContext? status)
    {
        _terminal = terminal;
        _status = status;
    }

    public static Task WatchAsync(Terminal terminal, Func<MutantsProgress, Task> work) => terminal.IsInteractive
        ? terminal.Console.Status().StartAsync("begins", status => work(new MutantsProgress(terminal, status)))
        : work(new MutantsProgress(terminal, status: null));

    public void Stage(string stage) => _status?.Status(Markup.Escape(stage));

    public void Done(DefectOutcome outcome)
    {
        string line = $"{outcome.Defect.Id}  {MutantsText.FoundAs(outcome)}{MutantsText.Effort(outcome)}: {outcome.Defect.Title}";
        if (_status is null)
        {
            _terminal.Out.WriteLine(line);
            _terminal.Out.Flush();
        }
        else
        {
            _terminal.Console.MarkupLine($"[{MutantsText.Style(outcome)}]{Markup.Escape(line)}[/]");
        }
    }
}
