using SimGraph.Simulation.Trace;

namespace SimGraph.Soak.Rendering;

/// <summary>
/// Writes the events of a run, gathered to larger pieces unless somebody watches. Called from inside the run, where nothing may be thrown: what
/// goes wrong with the output is kept and told at the end.
/// </summary>
internal sealed class EventLog : IDisposable
{
    private const int GatheredCharsMax = 1 << 16;
    private readonly TextWriter _output;
    private readonly bool _ownsOutput;
    private readonly bool _isWatched;
    private readonly StringWriter _gathered = new();

    private EventLog(TextWriter output, bool ownsOutput, bool isWatched)
    {
        _output = output;
        _ownsOutput = ownsOutput;
        _isWatched = isWatched;
        Line(EventLine.Head);
    }

    /// <summary>What went wrong with the output; null while nothing has.</summary>
    public string? Problem { get; private set; }

    /// <exception cref="UsageException">The file cannot be written.</exception>
    public static EventLog Open(string? path, Terminal terminal)
    {
        if (path is null)
        {
            return new EventLog(terminal.Out, ownsOutput: false, isWatched: terminal.IsInteractive);
        }

        try
        {
            return new EventLog(new StreamWriter(path), ownsOutput: true, isWatched: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"--output: {path} cannot be written: {exception.Message}");
        }
    }

    public void Add(TraceRecord record) => Line(EventLine.Format(record));

    public void Dispose()
    {
        Flush();
        if (_ownsOutput)
        {
            _output.Dispose();
        }

        _gathered.Dispose();
    }

    private void Line(string line)
    {
        _gathered.WriteLine(line);
        if (_isWatched || _gathered.GetStringBuilder().Length >= GatheredCharsMax)
        {
            Flush();
        }
    }

    private void Flush()
    {
        try
        {
            if (Problem is null)
            {
                _output.Write(_gathered.GetStringBuilder());
                _output.Flush();
            }
        }
        catch (IOException exception)
        {
            Problem = exception.Message;
        }

        _gathered.GetStringBuilder().Clear();
    }
}
