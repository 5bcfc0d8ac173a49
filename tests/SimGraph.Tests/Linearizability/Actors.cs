using SimGraph.Properties.Linearizability.Models;

namespace SimGraph.Tests.Linearizability;

/// <summary>Operations drawn at random and answered by a state: one for each model.</summary>
internal static class Actors
{
    public static (RegisterAction, RegisterState) Register(Random random, RegisterState state)
    {
        switch (random.Next(3))
        {
            case 0:
                return (RegisterAction.Read(state.Value), state);
            case 1:
                long value = random.Next(4);
                return (RegisterAction.Write(value), new RegisterState(value));
            default:
                long expected = random.Next(4);
                long next = random.Next(4);
                return state.Value == expected
                    ? (RegisterAction.CompareAndSet(expected, next, Outcome.Done), new RegisterState(next))
                    : (RegisterAction.CompareAndSet(expected, next, Outcome.Refused), state);
        }
    }

    /// <summary>Answers that may be those of no state at all.</summary>
    public static RegisterAction Guess(Random random) => random.Next(3) switch
    {
        0 => RegisterAction.Read(random.Next(3)),
        1 => RegisterAction.Write(random.Next(3)),
        _ => RegisterAction.CompareAndSet(random.Next(3), random.Next(3), random.Next(2) == 0 ? Outcome.Done : Outcome.Refused),
    };

    public static (KeyValueAction, string[]) KeyValue(Random random, string[] texts)
    {
        int key = random.Next(texts.Length);
        string text = $"{random.Next(10)}.";
        string[] next = [.. texts];
        var kind = (KeyValueActionKind)random.Next(3);
        next[key] = kind switch
        {
            KeyValueActionKind.Put => text,
            KeyValueActionKind.Append => texts[key] + text,
            _ => texts[key],
        };
        return (new KeyValueAction(kind, $"k{key}", kind == KeyValueActionKind.Get ? texts[key] : text, Outcome.Done), next);
    }

    /// <summary>A graph of two owners, some nodes, and a property on each of them.</summary>
    public static (GraphAction, GraphState) Graph(Random random, GraphState state)
    {
        var model = new GraphModel();
        string node = $"n{random.Next(4)}";
        string owner = $"owner{random.Next(2)}";
        GraphAction asked = random.Next(9) switch
        {
            0 => new GraphAction(GraphActionKind.Create, node) { Other = random.Next(2) == 0 ? owner : null },
            1 => new GraphAction(GraphActionKind.Delete, node),
            2 => new GraphAction(GraphActionKind.Link, owner, string.Empty) { Other = node },
            3 => new GraphAction(GraphActionKind.Unlink, owner, string.Empty) { Other = node },
            4 => new GraphAction(GraphActionKind.Neighbours, owner),
            5 => new GraphAction(GraphActionKind.Set, node, "p") { Argument = random.Next(3) },
            6 => new GraphAction(GraphActionKind.Add, owner, "q") { Argument = 1 },
            7 => new GraphAction(GraphActionKind.Get, owner, "q"),
            _ => new GraphAction(GraphActionKind.Get, node, "p"),
        };
        return Answer(model, asked, state);
    }

    private static (GraphAction, GraphState) Answer(GraphModel model, GraphAction asked, GraphState state)
    {
        GraphAction refused = asked with { Outcome = Outcome.Refused };
        if (model.TryStep(state, refused, out _))
        {
            return (refused, state);
        }

        model.TryStep(state, asked, out GraphState next);
        GraphAction answered = asked.Kind switch
        {
            GraphActionKind.Get or GraphActionKind.Add => asked.Answered(next.NumberOf(asked.Cell)),
            GraphActionKind.Neighbours => asked.Answered(state.LinkedFrom(asked.Node)),
            _ => asked.Done(),
        };
        return (answered, next);
    }
}
