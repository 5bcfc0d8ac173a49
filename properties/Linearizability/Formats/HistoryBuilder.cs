using System.Globalization;

namespace SimGraph.Properties.Linearizability.Formats;

/// <summary>Puts calls and answers together, line by line. The line is the time.</summary>
internal sealed class HistoryBuilder<TAction>
{
    /// <summary>Far more than a check can judge; a larger file is a mistake.</summary>
    private const int OperationsMax = 4_000_000;

    private readonly Dictionary<int, int> _open = [];
    private readonly List<Operation<TAction>?> _operations = [];

    /// <summary>A client begins something.</summary>
    /// <param name="line">The line.</param>
    /// <param name="client">The client.</param>
    /// <param name="action">What it asks for, of unknown outcome.</param>
    public void Call(int line, int client, TAction action)
    {
        if (_open.TryGetValue(client, out int before))
        {
            throw new HistoryFormatException(line, $"client {client} begins an operation before that of line {_operations[before]!.CalledAt} has ended");
        }

        if (_operations.Count >= OperationsMax)
        {
            throw new HistoryFormatException(line, string.Create(CultureInfo.InvariantCulture, $"more than {OperationsMax:N0} operations"));
        }

        _open.Add(client, _operations.Count);
        _operations.Add(new Operation<TAction>(client, action, line, Operation<TAction>.Never));
    }

    /// <summary>It was answered.</summary>
    /// <param name="line">The line.</param>
    /// <param name="client">The client.</param>
    /// <param name="answered">Makes what was asked into what was asked and answered.</param>
    public void Return(int line, int client, Func<TAction, TAction> answered)
    {
        int number = Close(line, client);
        Operation<TAction> operation = _operations[number]!;
        _operations[number] = operation with { Action = answered(operation.Action), ReturnedAt = line };
    }

    /// <summary>It certainly did not happen.</summary>
    public void Drop(int line, int client) => _operations[Close(line, client)] = null;

    /// <summary>Nobody knows what became of it; the client may go on.</summary>
    public void GiveUp(int line, int client) => Close(line, client);

    /// <summary>What the client asked for and has not got an answer to.</summary>
    public TAction Asked(int line, int client) =>
        _open.TryGetValue(client, out int number) ? _operations[number]!.Action : throw NothingOpen(line, client);

    /// <summary>All operations that may have happened, in the order of their calls. A read without an answer says nothing, and is left out.</summary>
    public IReadOnlyList<Operation<TAction>> Build(Func<TAction, bool> isRead) =>
        [.. _operations.OfType<Operation<TAction>>().Where(operation => !operation.IsPending || !isRead(operation.Action))];

    private int Close(int line, int client) => _open.Remove(client, out int number) ? number : throw NothingOpen(line, client);

    private static HistoryFormatException NothingOpen(int line, int client) => new(line, $"client {client} has no operation that could end");
}
