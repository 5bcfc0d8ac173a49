using System.Diagnostics;

namespace SimGraph.Soak.Rendering;

/// <summary>Tells how a search around a failure gets on, a line every few seconds.</summary>
internal sealed class SearchProgress(Terminal terminal) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _shown;
    private string? _last;

    /// <summary>This is where it is now.</summary>
    public void Show(string standing)
    {
        _last = $"{Quantity.Time(_clock.Elapsed)}: {standing}";
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
