using SimGraph.Properties.Interleavings;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Strategies;
using Xunit;

namespace SimGraph.Tests.Strategies;

public sealed class PriorityStrategyTests
{
    /// <summary>One step before the tasks of a tiny program begin.</summary>
    private const int StepsBefore = 1;
    private const int Tasks = 3;
    private const int Yields = 9;
    private const int StepsOfTasks = Tasks * (Yields + 1);

    [Fact]
    public void Change_points_lie_where_they_were_drawn_and_nowhere_else_is_a_task_preempted()
    {
        var seen = new HashSet<long>();
        for (ulong seed = 0; seed < 300; seed++)
        {
            var pct = new PriorityChangePoints(new SeededChoices(seed), depth: 3, StepsBefore + StepsOfTasks);
            Assert.Equal(2, pct.ChangePoints.Count);
            Assert.All(pct.ChangePoints, point => Assert.InRange(point, 0, StepsBefore + StepsOfTasks - 1));
            string order = TinyProgram.OrderOf(Tasks, Yields, pct);
            Assert.Equal(pct.ChangePoints.Order(), pct.Changes.Select(change => change.Step));
            foreach (long preempted in Preemptions(order))
            {
                Assert.Contains(preempted + StepsBefore, pct.ChangePoints);
                seen.Add(preempted);
            }
        }

        // Everywhere but at the first step of all, and where no second task is left to go on.
        Assert.True(seen.Count > StepsOfTasks / 2, $"preempted at {seen.Count} places only");
    }

    [Fact]
    public void Without_change_points_tasks_run_one_after_the_other_in_every_order()
    {
        var orders = new SortedSet<string>(StringComparer.Ordinal);
        for (ulong seed = 0; seed < 100; seed++)
        {
            string order = TinyProgram.OrderOf(Tasks, yields: 1, new PriorityChangePoints(new SeededChoices(seed), depth: 1, stepsExpected: 100));
            orders.Add(order);
        }

        Assert.Equal(["aabbcc", "aaccbb", "bbaacc", "bbccaa", "ccaabb", "ccbbaa"], orders);
    }

    [Fact]
    public void Delays_pass_over_the_task_that_would_run_and_without_them_the_schedule_is_one()
    {
        var orders = new SortedSet<string>(StringComparer.Ordinal);
        for (ulong seed = 0; seed < 50; seed++)
        {
            Assert.Equal("aaabbbccc", TinyProgram.OrderOf(Tasks, yields: 2, new DelayBounded(new SeededChoices(seed), delays: 0, stepsExpected: 10)));
            var one = new DelayBounded(new SeededChoices(seed), delays: 1, stepsExpected: 10);
            string order = TinyProgram.OrderOf(Tasks, yields: 2, one);
            orders.Add(order);
            Assert.Equal(Delayed(one.Delays[0]), order);
        }

        Assert.Equal(7, orders.Count);
    }

    [Fact]
    public void A_task_that_looks_again_and_again_starves_others_under_pct_and_not_under_fair_pct()
    {
        var spinning = new InterleavingScenario(new Spinning(), repaired: false);
        StrategyReport unfair = Explore(spinning, StrategyCatalog.Pct);
        StrategyReport fair = Explore(spinning, StrategyCatalog.FairPct);
        Assert.Equal("liveness.step-limit", Assert.Single(unfair.Findings).First.Name);
        Assert.Empty(fair.Findings);
        Assert.Equal(50, fair.Runs);
    }

    [Fact]
    public void Partial_order_sampling_draws_anew_only_what_is_on_the_machine_of_the_step()
    {
        // A draw for each continuation that runs, and one more for each that was ready on the same machine when another ran: none where each machine has one task.
        (long draws, long steps) = DrawsOfPos(machines: 3, tasksEach: 1);
        Assert.Equal(steps, draws);
        (draws, steps) = DrawsOfPos(machines: 1, tasksEach: 3);
        Assert.True(draws > steps, $"{draws} draws for {steps} steps");
    }

    private static (long Draws, long Steps) DrawsOfPos(int machines, int tasksEach)
    {
        var counting = new CountingChoices("strategy.pos");
        var strategy = new PartialOrderSampling(counting);
        RunOnMachines(machines, tasksEach, strategy);
        return (counting.Count, strategy.Steps);
    }

    private static void RunOnMachines(int machines, int tasksEach, IChoiceSource choices)
    {
        RunResult result = new World(new WorldOptions { Choices = choices }).Run(async (world, _) =>
        {
            Incarnation[] running = [.. Enumerable.Range(0, machines).Select(machine => world.AddMachine($"m{machine}", new MachineOptions()).Boot(async (platform, _) =>
            {
                if (tasksEach > 1)
                {
                    await using var tasks = new InterleavedTasks(platform, "test");
                    for (int i = 0; i < tasksEach; i++)
                    {
                        tasks.Run($"{i}", () => InterleavedTasks.StepsAsync(5));
                    }

                    await tasks.JoinAsync();
                }
                else
                {
                    await InterleavedTasks.StepsAsync(5);
                }
            }))];
            foreach (Incarnation process in running)
            {
                await process.Exited;
            }
        });
        Assert.Null(result.Violation);
    }

    /// <summary>Where the task of the step before has steps left and another goes on.</summary>
    private static IEnumerable<long> Preemptions(string order)
    {
        for (int i = 1; i < order.Length; i++)
        {
            if (order[i] != order[i - 1] && order.IndexOf(order[i - 1], i) >= 0)
            {
                yield return i;
            }
        }
    }

    /// <summary>What a delay at a step makes of aaabbbccc: the task stops there, and is next again when the others have ended.</summary>
    private static string Delayed(long step)
    {
        const string Order = "aaabbbccc";
        long position = step - StepsBefore;
        if (position < 0 || position >= Order.Length)
        {
            return Order;
        }

        char delayed = Order[(int)position];
        string done = Order[..(int)position];
        string left = Order[(int)position..];
        return $"{done}{left.TrimStart(delayed)}{new string(delayed, left.Count(letter => letter == delayed))}";
    }

    private static StrategyReport Explore(IScenario scenario, string strategy) => new StrategyCampaign(
        scenario, new StrategyCampaignOptions { Strategy = strategy, Seeds = 50, KeepGoing = true }).Run(CancellationToken.None).Strategies[0];

    private sealed class Spinning() : Interleaving("spinning", depth: 1, "waits by looking again and again")
    {
        public override Func<bool> Start(InterleavedTasks tasks, bool repaired)
        {
            bool isSet = false;
            tasks.Run("waiter", async () =>
            {
                while (!isSet)
                {
                    await Task.Yield();
                }
            });
            tasks.Run("setter", async () =>
            {
                await InterleavedTasks.StepsAsync(3);
                isSet = true;
            });
            return static () => true;
        }
    }

    private sealed class CountingChoices(string site) : IChoiceSource
    {
        private readonly SeededChoices _seeded = new(7);

        public int Count { get; private set; }

        public uint Next(ChoiceSite asked, int machine, ulong ordinal, uint bound)
        {
            Count += asked.Name == site ? 1 : 0;
            return _seeded.Next(asked, machine, ordinal, bound);
        }
    }
}
