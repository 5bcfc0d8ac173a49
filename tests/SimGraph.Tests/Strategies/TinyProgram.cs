using SimGraph.Runtime.Tasks;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Kernel;
using SimGraph.Tests.Simulation;

namespace SimGraph.Tests.Strategies;

/// <summary>
/// Tasks that all begin at once and give way a number of times. The scenario itself has a step only before and after them, so their schedules are all the schedules
/// there are: the multinomial coefficient of their steps, of which each has one more than it gives way.
/// </summary>
internal sealed class TinyProgram(int tasks, int yields) : IScenario
{
    private readonly List<string> _orders = [];

    public string Name => "tiny";

    public string Description => "for tests";

    public IReadOnlyList<string> RequiredProbes => [];

    /// <summary>The order of steps of each run, a letter for each task.</summary>
    public IReadOnlyList<string> Orders => _orders;

    public static string OrderOf(int tasks, int yields, IChoiceSource choices)
    {
        var program = new TinyProgram(tasks, yields);
        program.Run(new ScenarioRequest { Seed = 1, Choices = choices });
        return program.Orders[0];
    }

    public ScenarioOutcome Run(ScenarioRequest request)
    {
        var order = new List<char>();
        RunResult result = new World(request.ToWorldOptions()).Run(async (_, platform) =>
        {
            var scope = new TaskScope(platform.Tasks, "tiny");
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            int alive = tasks;
            for (int i = 0; i < tasks; i++)
            {
                char letter = (char)('a' + i);
                scope.Run($"{letter}", async _ =>
                {
                    order.Add(letter);
                    for (int yield = 0; yield < yields; yield++)
                    {
                        await Task.Yield();
                        order.Add(letter);
                    }

                    if (--alive == 0)
                    {
                        ended.SetResult();
                    }
                });
            }

            await ended.Task;
            await scope.StopAsync(Worlds.StopLimit);
        });
        _orders.Add(string.Concat(order));
        return new ScenarioOutcome(result, []);
    }
}
