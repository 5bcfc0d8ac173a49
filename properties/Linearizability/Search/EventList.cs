namespace SimGraph.Properties.Linearizability.Search;

/// <summary>
/// Calls and answers of a history in real time, as a doubly linked list from which an operation is lifted when it gets its place in the order, and into which it is put back
/// in the reverse order (Wing and Gong, 1993). Operations of unknown outcome have a call only.
/// </summary>
internal sealed class EventList
{
    /// <summary>The place before the first event.</summary>
    public const int Head = 0;

    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int[] _operation;
    private readonly bool[] _isCall;
    private readonly int[] _call;
    private readonly int[] _return;

    private EventList(int operations, int events)
    {
        _next = new int[events + 1];
        _previous = new int[events + 1];
        _operation = new int[events + 1];
        _isCall = new bool[events + 1];
        _call = new int[operations];
        _return = new int[operations];
    }

    public static EventList Of<TAction>(IReadOnlyList<Operation<TAction>> operations)
    {
        var events = new List<(long Time, bool IsReturn, int Operation)>(operations.Count * 2);
        for (int i = 0; i < operations.Count; i++)
        {
            events.Add((operations[i].CalledAt, false, i));
            if (!operations[i].IsPending)
            {
                events.Add((operations[i].ReturnedAt, true, i));
            }
        }

        // At the same time, calls come first: then the two overlap.
        events.Sort();
        var list = new EventList(operations.Count, events.Count);
        for (int i = 0; i < events.Count; i++)
        {
            list.Append(i + 1, events[i].Operation, !events[i].IsReturn);
        }

        return list;
    }

    /// <summary>The event after this one; <see cref="Head"/> behind the last.</summary>
    public int After(int place) => _next[place];

    public bool IsCall(int place) => _isCall[place];

    public int OperationAt(int place) => _operation[place];

    public int CallOf(int operation) => _call[operation];

    /// <summary>Takes an operation out.</summary>
    public void Lift(int operation)
    {
        Unlink(_call[operation]);
        if (_return[operation] != Head)
        {
            Unlink(_return[operation]);
        }
    }

    /// <summary>Puts the operation back that was taken out last.</summary>
    public void Restore(int operation)
    {
        if (_return[operation] != Head)
        {
            Link(_return[operation]);
        }

        Link(_call[operation]);
    }

    private void Append(int place, int operation, bool isCall)
    {
        _operation[place] = operation;
        _isCall[place] = isCall;
        (isCall ? _call : _return)[operation] = place;
        _previous[place] = place - 1;
        _next[place - 1] = place;
    }

    private void Unlink(int place)
    {
        _next[_previous[place]] = _next[place];
        if (_next[place] != Head)
        {
            _previous[_next[place]] = _previous[place];
        }
    }

    private void Link(int place)
    {
        _next[_previous[place]] = place;
        if (_next[place] != Head)
        {
            _previous[_next[place]] = place;
        }
    }
}
