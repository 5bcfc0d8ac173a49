using SimGraph.Properties.Linearizability;

namespace SimGraph.Tests.Linearizability;

/// <summary>
/// Histories from a real order: operations take effect one after the other, and calls and answers are put around those moments. Some lose their answers; with mistakes
/// wanted, some answers are those of another moment.
/// </summary>
internal static class RandomHistory
{
    /// <param name="random">Draws.</param>
    /// <param name="initial">The first state.</param>
    /// <param name="clients">How many.</param>
    /// <param name="length">How many operations.</param>
    /// <param name="act">Draws an operation and answers it in a state.</param>
    /// <param name="forget">Takes the answer away.</param>
    public static List<Operation<TAction>> Of<TState, TAction>(
        Random random, TState initial, int clients, int length, Func<Random, TState, (TAction Action, TState Next)> act, Func<TAction, TAction> forget)
    {
        var history = new List<Operation<TAction>>();
        TState state = initial;
        long[] free = new long[clients];
        for (int i = 0; i < length; i++)
        {
            // The effect of operation i is at time 1000 (i + 1); its call may be up to five effects earlier and its answer as much later.
            long effect = 1000L * (i + 1);
            int client = Enumerable.Range(0, clients).OrderBy(_ => random.Next()).FirstOrDefault(candidate => free[candidate] < effect, -1);
            if (client < 0)
            {
                continue;
            }

            (TAction action, state) = act(random, state);
            long called = Math.Max(free[client], effect - random.Next(5000)) + 1;
            called = Math.Min(called, effect);
            bool isForgotten = random.Next(8) == 0;
            long returned = isForgotten ? Operation<TAction>.Never : effect + 1 + random.Next(5000);
            history.Add(new Operation<TAction>(isForgotten ? clients + i : client, isForgotten ? forget(action) : action, called, returned) { Position = (ulong)effect });
            free[client] = isForgotten ? effect : returned;
        }

        return history;
    }
}
