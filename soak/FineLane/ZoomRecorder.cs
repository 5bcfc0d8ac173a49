// Hears every call of every component of a run and keeps those of one component in a window. It runs inside the run's own calls, so it looks at answers and waits for none.

using SimGraph.Runtime.Probes;
using SimGraph.Simulation.Inputs;
using SimGraph.Soak.FineLane.Zoom;

namespace SimGraph.Soak.FineLane;

/// <summary>Keeps the newest calls of a window.</summary>
/// <param name="machine">Whose component.</param>
/// <param name="component">Which component.</param>
/// <param name="from">The window's first step.</param>
/// <param name="until">The step behind it.</param>
/// <param name="callsMax">Older ones are left out.</param>
internal sealed class ZoomRecorder(string machine, string component, long from, long until, int callsMax)
{
    private readonly Dictionary<int, Life> _lives = [];
    private readonly Queue<Kept> _window = new();
    private readonly List<Kept> _unanswered = [];
    private int _count;

    /// <summary>Machines with the components that they have.</summary>
    public SortedDictionary<string, SortedSet<string>> Heard { get; } = new(StringComparer.Ordinal);

    /// <summary>Calls in the window that are not kept.</summary>
    public int LeftOut { get; private set; }

    public void Hear(RecordedInput input)
    {
        if (!Heard.TryGetValue(input.Machine, out SortedSet<string>? components))
        {
            Heard.Add(input.Machine, components = new SortedSet<string>(StringComparer.Ordinal));
        }

        components.Add(input.Component);
        if (input.Machine != machine || input.Component != component)
        {
            return;
        }

        var call = new Kept(++_count, input);
        LookAtAnswers(call.Number);
        if (input.Answer is not null)
        {
            _unanswered.Add(call);
        }

        if (input.Call == ZoomCall.Open)
        {
            _lives[input.Life] = new Life(call);
        }
        else if (input.Step < from)
        {
            Pass(call);
        }
        else if (input.Step < until)
        {
            Keep(call);
        }
    }

    /// <summary>The lives that have calls in the window, when the run has ended.</summary>
    public IReadOnlyList<ZoomCall> Calls()
    {
        LookAtAnswers(before: null);
        var calls = new List<Kept>(_window);
        calls.AddRange(_window.Select(call => call.Input.Life).Distinct().Select(life => _lives[life].Open));
        return [.. calls.OrderBy(static call => call.Number).Select(LineOf)];
    }

    private void Keep(Kept call)
    {
        _window.Enqueue(call);
        if (_window.Count > callsMax)
        {
            Pass(_window.Dequeue());
            LeftOut++;
        }
    }

    // A life that began before the window begins, when it is replayed, where the component stood then.
    private void Pass(Kept call)
    {
        foreach (InputArgument argument in call.Input.Arguments)
        {
            if (argument.Name == ZoomCall.Position)
            {
                _lives[call.Input.Life].Position = argument.Values;
            }
        }
    }

    private void LookAtAnswers(int? before)
    {
        for (int i = _unanswered.Count - 1; i >= 0; i--)
        {
            Kept call = _unanswered[i];
            if (call.Input.Answer!.IsCompleted)
            {
                call.Ended = before;
                _unanswered.RemoveAt(i);
            }
        }
    }

    private ZoomCall LineOf(Kept call)
    {
        var arguments = new SortedDictionary<string, long[]>(StringComparer.Ordinal);
        foreach (InputArgument argument in call.Input.Arguments)
        {
            arguments[argument.Name] = [.. argument.Values];
        }

        if (call.Input.Call == ZoomCall.Open && _lives[call.Input.Life].Position is { } position)
        {
            arguments[ZoomCall.Position] = [.. position];
        }

        return new ZoomCall
        {
            Number = call.Number,
            Step = call.Input.Step,
            Life = call.Input.Life,
            Caller = call.Input.Caller,
            Call = call.Input.Call,
            Outcome = OutcomeOf(call.Input.Answer),
            Ended = call.Ended,
            Arguments = arguments,
        };
    }

    private static ZoomOutcome OutcomeOf(Task? answer) => answer?.Status switch
    {
        null or TaskStatus.RanToCompletion => ZoomOutcome.Done,
        TaskStatus.Faulted => ZoomOutcome.Failed,
        TaskStatus.Canceled => ZoomOutcome.Cancelled,
        _ => ZoomOutcome.Pending,
    };

    private sealed class Kept(int number, RecordedInput input)
    {
        public int Number => number;

        public RecordedInput Input => input;

        public int? Ended { get; set; }
    }

    private sealed class Life(Kept open)
    {
        public Kept Open => open;

        public IReadOnlyList<long>? Position { get; set; }
    }
}
