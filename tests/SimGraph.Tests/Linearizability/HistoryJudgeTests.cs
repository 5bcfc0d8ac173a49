using SimGraph.Properties.Cluster;
using SimGraph.Properties.Cluster.Checkers;
using SimGraph.Properties.Cluster.Workload;
using SimGraph.Properties.Linearizability.Models;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Graph;
using SimGraph.Tests.Simulation;
using Xunit;

namespace SimGraph.Tests.Linearizability;

/// <summary>The check at the end of a simulated run.</summary>
public sealed class HistoryJudgeTests
{
    [Fact]
    public void Every_run_of_the_cluster_is_judged_and_its_log_is_the_witness()
    {
        long operations = 0;
        for (ulong seed = 1; seed <= 4; seed++)
        {
            RunResult result = new ClusterScenario().Run(new ScenarioRequest { Seed = seed }).Result;

            Assert.True(result.Violation is null, $"seed {seed}: {result.Violation}");
            Assert.Equal((0, 0), (result.Counters["history.partitions-searched"], result.Counters["history.unknown"]));
            operations += result.Counters["history.operations"];
        }

        Assert.True(operations > 500, $"only {operations} operations were judged");
    }

    [Fact]
    public void A_stale_read_is_a_violation_with_its_explanation()
    {
        var history = new ClientHistory();
        Do(history, 1, Register(GraphActionKind.Set) with { Argument = 7 }, static asked => asked.Done());
        Do(history, 2, Register(GraphActionKind.Get), static asked => asked.Answered(0));

        Violation violation = Judge(history)!;

        Assert.Equal((ViolationClass.Safety, "history.not-linearizable"), (violation.Class, violation.Name));
        Assert.Contains("client1.register: 2 operations; it breaks at line 5: client 2, get client1.register: 0", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_item_that_is_there_twice_is_a_violation()
    {
        var history = new ClientHistory();
        var create = new GraphAction(GraphActionKind.Create, WorkloadHistory.ItemName(0, 0)) { Other = WorkloadHistory.RootName(0) };
        Do(history, 1, create, static asked => asked.Done());
        history.Name(new ElementId(5), create.Node);
        history.Name(new ElementId(6), create.Node);
        var owned = new GraphAction(GraphActionKind.Neighbours, WorkloadHistory.RootName(0));
        history.Return(history.Call(1, owned), [new ElementId(5)]);
        Assert.Null(Judge(history));

        history.Return(history.Call(1, owned), [new ElementId(5), new ElementId(6)]);

        Assert.Equal("history.not-linearizable", Judge(history)?.Name);
    }

    [Fact]
    public void A_write_that_certainly_failed_may_not_be_seen_and_one_of_unknown_outcome_may()
    {
        foreach (bool isUnknown in (bool[])[true, false])
        {
            var history = new ClientHistory();
            int write = history.Call(1, Register(GraphActionKind.Set) with { Argument = 7 });
            if (isUnknown)
            {
                history.GaveUp(write);
            }
            else
            {
                history.NotApplied(write);
            }

            Do(history, 2, Register(GraphActionKind.Get), static asked => asked.Answered(7));

            Assert.Equal(isUnknown, Judge(history) is null);
        }
    }

    [Fact]
    public void What_is_written_is_what_is_judged()
    {
        var history = new ClientHistory();
        int open = history.Call(1, Register(GraphActionKind.Set) with { Argument = 7 });
        int failed = history.Call(2, WorkloadHistory.OnCounter(GraphActionKind.Add, 0) with { Argument = 1 });
        history.NotApplied(failed);
        Do(history, 2, WorkloadHistory.OnCounter(GraphActionKind.Add, 0) with { Argument = 1 }, static asked => asked.Answered(1));
        history.GaveUp(open);
        history.Return(history.Call(3, new GraphAction(GraphActionKind.Neighbours, "client1")), [new ElementId(9)]);

        Assert.Equal(
            [
                "simgraph-history 1", "1 call set client1.register 7", "2 call add counter0.count 1", "2 failed", "2 call add counter0.count 1", "2 ok 1", "1 unknown",
                "3 call neighbours client1", "3 ok ?9",
            ],
            history.Lines());
        Assert.Equal([2, 5, 8], history.Operations().Select(static operation => (int)operation.CalledAt));
    }

    private static GraphAction Register(GraphActionKind kind) => WorkloadHistory.OnRegister(kind, 0);

    private static void Do(ClientHistory history, int client, GraphAction asked, Func<GraphAction, GraphAction> answer) =>
        history.Return(history.Call(client, asked), answer(asked));

    private static Violation? Judge(ClientHistory history) => Worlds.Run(1, (world, _) =>
    {
        HistoryJudge.Judge(world, history);
        return Task.CompletedTask;
    }).Violation;
}
