// The search of Wing and Gong ("Testing and verifying concurrent objects", 1993) with Lowe's memory, as Horn and Kroening ("Faster linearizability checking via
// P-compositionality", 2015) apply it to each partition: take an operation that nothing unordered precedes in real time, apply it if the model permits, go on; at an
// answer whose operation found no place, go back.
//
// Three observations keep it small. A read that fits now can always be placed now, so there is nothing to try when it is taken back. An operation of unknown outcome
// that changes nothing now can be left out now. Of several such operations that ask for the same, the one that was called first may go first.
//
// No recursion: the depth is the length of the history. Pure: no clock, no randomness; limits are steps, estimated bytes, and a deadline that the caller may give.

namespace SimGraph.Properties.Linearizability.Search;

/// <summary>Looks for an order of one partition's operations. Use once.</summary>
internal sealed class LinearizabilitySearch<TState, TAction>
    where TState : IEquatable<TState>
    where TAction : IEquatable<TAction>
{
    private const int None = -1;
    private readonly ISequentialModel<TState, TAction> _model;
    private readonly IReadOnlyList<Operation<TAction>> _operations;
    private readonly SearchBudget _budget;
    private readonly EventList _events;
    private readonly OperationSet _ordered;
    private readonly VisitedConfigurations<TState, TAction> _visited;
    private readonly Stack<(int Operation, TState Before)> _order = new();
    private readonly int[] _twin;
    private readonly int[] _bit;
    private TState _state;
    private int _unanswered;

    public LinearizabilitySearch(ISequentialModel<TState, TAction> model, Partition<TState, TAction> partition, SearchBudget budget)
    {
        _model = model;
        _operations = partition.Operations;
        _budget = budget;
        _events = EventList.Of(_operations);
        _ordered = new OperationSet(_operations.Count);
        _visited = new VisitedConfigurations<TState, TAction>(model);
        _state = partition.Initial;
        _unanswered = _operations.Count(static operation => !operation.IsPending);
        _twin = Twins(_operations);
        _bit = Bits(_operations);
    }

    public SearchResult Run()
    {
        int place = _events.After(EventList.Head);
        while (_unanswered > 0)
        {
            if (!_budget.TrySpend(_visited.Bytes))
            {
                return new SearchResult(Verdict.Unknown, [], _visited.Count);
            }

            if (_events.IsCall(place))
            {
                place = _events.After(TryPlace(_events.OperationAt(place)) ? EventList.Head : place);
                continue;
            }

            int last = TakeBack();
            if (last == None)
            {
                return new SearchResult(Verdict.NotLinearizable, [], _visited.Count);
            }

            place = _events.After(_events.CallOf(last));
        }

        return new SearchResult(Verdict.Linearizable, [.. _order.Reverse().Select(static placed => placed.Operation)], _visited.Count);
    }

    private bool TryPlace(int number)
    {
        Operation<TAction> operation = _operations[number];
        if (operation.IsPending && _twin[number] != None && !_ordered.Contains(_bit[_twin[number]]))
        {
            return false;
        }

        if (!_model.TryStep(_state, operation.Action, out TState next) || (operation.IsPending && next.Equals(_state)))
        {
            return false;
        }

        _ordered.Flip(_bit[number]);
        if (!IsForced(operation) && !_visited.Add(_ordered, next))
        {
            _ordered.Flip(_bit[number]);
            return false;
        }

        _order.Push((number, _state));
        _state = next;
        _events.Lift(number);
        _unanswered -= operation.IsPending ? 0 : 1;
        return true;
    }

    /// <summary>Takes back the last placement that has an alternative; none if there is no such.</summary>
    private int TakeBack()
    {
        while (_order.TryPop(out (int Operation, TState Before) last))
        {
            Operation<TAction> operation = _operations[last.Operation];
            _state = last.Before;
            _ordered.Flip(_bit[last.Operation]);
            _events.Restore(last.Operation);
            _unanswered += operation.IsPending ? 0 : 1;
            if (!IsForced(operation))
            {
                return last.Operation;
            }
        }

        return None;
    }

    private bool IsForced(Operation<TAction> operation) => !operation.IsPending && _model.IsRead(operation.Action);

    /// <summary>For each operation of unknown outcome the one before it that asks for the same.</summary>
    private static int[] Twins(IReadOnlyList<Operation<TAction>> operations)
    {
        int[] twins = new int[operations.Count];
        Array.Fill(twins, None);
        var last = new Dictionary<TAction, int>();
        foreach (int number in Enumerable.Range(0, operations.Count).Where(i => operations[i].IsPending).OrderBy(i => operations[i].CalledAt))
        {
            TAction action = operations[number].Action;
            twins[number] = last.GetValueOrDefault(action, None);
            last[action] = number;
        }

        return twins;
    }

    /// <summary>Bits in the order of the calls, behind those of unknown outcome, so that what is saved of a set is short.</summary>
    private static int[] Bits(IReadOnlyList<Operation<TAction>> operations)
    {
        int[] bits = new int[operations.Count];
        int bit = 0;
        foreach (int number in Enumerable.Range(0, operations.Count).OrderBy(i => operations[i].IsPending ? 0 : 1).ThenBy(i => operations[i].CalledAt))
        {
            bits[number] = bit++;
        }

        return bits;
    }
}
