using System.Diagnostics;
using SimGraph.Simulation.Exploration;

namespace SimGraph.Soak.Rendering;

/// <summary>Tells how a shrink gets on, a line every few seconds.</summary>
internal sealed class ShrinkProgress(Terminal terminal) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _shown;
    private string? _last;

    public void Show(ScenarioOutcome outcome, long candidates, long accepted)
    {
        _last = $"{Quantity.Time(_clock.Elapsed)}: {Quantity.Count(candidates)} tried, {Quantity.Count(accepted)} kept; it fails after {Quantity.Count(outcome.Result.Steps)} steps, "
            + $"{Quantity.Count(outcome.Result.Faults.Values.Sum())} faults";
        if (_clock.Elapsed - _shown >= Interval)
        {
            Write();
        }
    }

    public void Dispose()
    {
        if (_last is not null)
        {
            Write();
        }
    }

    private void Write()
    {
        terminal.Out.WriteLine(_last);
        terminal.Out.Flush();
        _last = null;
        _shown = _clock.Elapsed;
    }
}
