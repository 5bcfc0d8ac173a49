using SimGraph.Properties.Linearizability;

namespace SimGraph.Tests.Linearizability;

/// <summary>The definition, tried on every permutation: slow, and simple enough to believe.</summary>
internal static class BruteForce
{
    public static bool IsLinearizable<TState, TAction>(ISequentialModel<TState, TAction> model, TState initial, IReadOnlyList<Operation<TAction>> operations)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
        => Continue(model, initial, operations, new bool[operations.Count]);

    private static bool Continue<TState, TAction>(ISequentialModel<TState, TAction> model, TState state, IReadOnlyList<Operation<TAction>> operations, bool[] done)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
    {
        if (Enumerable.Range(0, done.Length).All(i => done[i] || operations[i].IsPending))
        {
            return true;
        }

        for (int i = 0; i < done.Length; i++)
        {
            bool isNext = !done[i] && !Enumerable.Range(0, done.Length).Any(j => !done[j] && operations[j].ReturnedAt < operations[i].CalledAt);
            if (isNext && model.TryStep(state, operations[i].Action, out TState next))
            {
                done[i] = true;
                if (Continue(model, next, operations, done))
                {
                    return true;
                }

                done[i] = false;
            }
        }

        return false;
    }
}
