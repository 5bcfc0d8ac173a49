using FsCheck;
using FsCheck.Xunit;
using SimGraph.Properties.Linearizability;
using SimGraph.Properties.Linearizability.Models;
using SimGraph.Properties.Linearizability.Search;
using Xunit;

namespace SimGraph.Tests.Linearizability;

/// <summary>The checker against histories made from a real order, and against the definition.</summary>
public sealed class HistoryCheckerProperties
{
    private static readonly GraphModel Graphs = new();
    private static readonly RegisterModel Registers = new();

    [Property(MaxTest = 200)]
    public void A_register_history_from_a_real_order_is_linearizable(int seed)
    {
        List<Operation<RegisterAction>> history = RandomHistory.Of(new Random(seed), default(RegisterState), 5, 60, Actors.Register, Registers.Forget);

        AcceptedBothWays(Registers, history);
    }

    [Property(MaxTest = 200)]
    public void A_key_value_history_from_a_real_order_is_linearizable(int seed)
    {
        var model = new KeyValueModel();
        List<Operation<KeyValueAction>> history = RandomHistory.Of<string[], KeyValueAction>(
            new Random(seed), [string.Empty, string.Empty, string.Empty], 5, 80, Actors.KeyValue, model.Forget);

        AcceptedBothWays(model, history);
    }

    [Property(MaxTest = 200)]
    public void A_graph_history_from_a_real_order_is_linearizable(int seed)
    {
        var nodes = GraphState.Without(["n0", "n1", "n2", "n3"]);
        List<Operation<GraphAction>> history = RandomHistory.Of(new Random(seed), nodes, 5, 60, Actors.Graph, Graphs.Forget);

        // Nodes that no operation creates count as there from the start, so each is created before.
        long time = -10;
        history.InsertRange(0, Enumerable.Range(0, 4).SelectMany(node => (Operation<GraphAction>[])
        [
            new(90, new GraphAction(GraphActionKind.Create, $"n{node}").Done(), time++, time++) { Position = (ulong)(2 * node) },
            new(90, new GraphAction(GraphActionKind.Delete, $"n{node}").Done(), time++, time++) { Position = (ulong)(2 * node) + 1 },
        ]));

        AcceptedBothWays(Graphs, history);
    }

    [Fact]
    public void The_definition_tried_on_all_permutations_agrees()
    {
        int linearizable = 0;
        int not = 0;
        for (int seed = 0; seed < 4000; seed++)
        {
            var random = new Random(seed);
            List<Operation<RegisterAction>> history = RandomHistory.Of(random, default(RegisterState), 3, 7, Actors.Register, Registers.Forget);
            int wrong = random.Next(history.Count);
            if (!history[wrong].IsPending)
            {
                history[wrong] = history[wrong] with { Action = Actors.Guess(random) };
            }

            bool expected = BruteForce.IsLinearizable(Registers, default, history);
            HistoryVerdict<RegisterState, RegisterAction> verdict = Check(Registers, history);
            Assert.True(verdict.Verdict == (expected ? Verdict.Linearizable : Verdict.NotLinearizable), $"seed {seed}: {verdict.Verdict}, but the definition says {expected}");
            (linearizable, not) = expected ? (linearizable + 1, not) : (linearizable, not + 1);
        }

        Assert.True(linearizable > 1000 && not > 1000, $"{linearizable} were linearizable and {not} were not: one side was hardly tried");
    }

    [Fact]
    public void The_witness_never_accepts_what_the_definition_refuses()
    {
        int accepted = 0;
        int refused = 0;
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            List<Operation<RegisterAction>> history = RandomHistory.Of(random, default(RegisterState), 3, 7, Actors.Register, Registers.Forget);
            int changed = random.Next(history.Count);
            history[changed] = random.Next(2) == 0
                ? history[changed] with { Position = (ulong)random.Next(8000) }
                : history[changed].IsPending ? history[changed] : history[changed] with { Action = Actors.Guess(random) };
            bool isWitnessed = CommitOrderWitness.Explains(Registers, new Partition<RegisterState, RegisterAction>("register", default, history));

            Assert.True(!isWitnessed || BruteForce.IsLinearizable(Registers, default, history), $"seed {seed}: the witness accepts what no order explains");
            (accepted, refused) = isWitnessed ? (accepted + 1, refused) : (accepted, refused + 1);
        }

        Assert.True(accepted > 500 && refused > 500, $"{accepted} were accepted and {refused} were not: one side was hardly tried");
    }

    [Fact]
    public void Partitions_change_no_verdict()
    {
        var model = new KeyValueModel();
        int linearizable = 0;
        int not = 0;
        for (int seed = 0; seed < 1500; seed++)
        {
            var random = new Random(seed);
            List<Operation<KeyValueAction>> history = RandomHistory.Of<string[], KeyValueAction>(random, [string.Empty, string.Empty], 3, 8, Actors.KeyValue, model.Forget);
            int changed = random.Next(history.Count);
            history[changed] = history[changed].IsPending ? history[changed] : history[changed] with { Action = history[changed].Action with { Text = "1." } };

            Verdict whole = Check(new WholeKeyValueModel(), history).Verdict;
            Assert.True(whole == Check(model, history).Verdict, $"seed {seed}: as a whole it is {whole}");
            (linearizable, not) = whole == Verdict.Linearizable ? (linearizable + 1, not) : (linearizable, not + 1);
        }

        Assert.True(linearizable > 200 && not > 200, $"{linearizable} were linearizable and {not} were not: one side was hardly tried");
    }

    [Fact]
    public void What_an_explanation_shows_is_broken_and_what_was_answered_before_is_not()
    {
        int explained = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            List<Operation<RegisterAction>> history = RandomHistory.Of(random, default(RegisterState), 4, 40, Actors.Register, Registers.Forget);
            int wrong = random.Next(history.Count);
            history[wrong] = history[wrong].IsPending ? history[wrong] : history[wrong] with { Action = Actors.Guess(random) };
            if (Check(Registers, history).Broken?.Explanation is not { } explanation)
            {
                continue;
            }

            explained++;
            Assert.Contains(explanation.Break, explanation.Core);
            Assert.NotEqual(Verdict.Linearizable, Check(Registers, explanation.Core).Verdict);
            Assert.Equal(Verdict.Linearizable, Check(Registers, [.. history.Where(operation => operation.CalledAt < explanation.Break.ReturnedAt
                && operation.ReturnedAt != explanation.Break.ReturnedAt).Select(operation => Until(operation, explanation.Break.ReturnedAt))]).Verdict);
        }

        Assert.True(explained > 50, $"only {explained} histories were broken");
    }

    private static Operation<RegisterAction> Until(Operation<RegisterAction> operation, long time) => operation.ReturnedAt < time
        ? operation
        : operation with { Action = Registers.Forget(operation.Action), ReturnedAt = Operation<RegisterAction>.Never };

    private static void AcceptedBothWays<TState, TAction>(ISequentialModel<TState, TAction> model, List<Operation<TAction>> history)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
    {
        HistoryVerdict<TState, TAction> witnessed = Check(model, history);
        Assert.Equal(Verdict.Linearizable, witnessed.Verdict);
        Assert.Equal(0, witnessed.Searched);
        Assert.Equal(Verdict.Linearizable, Check(model, [.. history.Select(static operation => operation with { Position = null })]).Verdict);
    }

    private static HistoryVerdict<TState, TAction> Check<TState, TAction>(ISequentialModel<TState, TAction> model, IReadOnlyList<Operation<TAction>> history)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
        => new HistoryChecker<TState, TAction>(model, new CheckLimits()).Check(history);
}
