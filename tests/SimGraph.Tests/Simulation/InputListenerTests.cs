using SimGraph.Properties;
using SimGraph.Runtime.Probes;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Inputs;
using SimGraph.Simulation.Kernel;
using Xunit;

namespace SimGraph.Tests.Simulation;

/// <summary>Who listens to what components are asked sees the run that nobody listens to.</summary>
public sealed class InputListenerTests
{
    [Theory]
    [InlineData("cluster", 1)]
    [InlineData("cluster", 3)]
    [InlineData("backup", 1)]
    [InlineData("storage-wal", 1)]
    [InlineData("storage-wal", 2)]
    [InlineData("storage-graph", 1)]
    public void Listening_changes_no_run(string name, ulong seed)
    {
        IScenario scenario = ScenarioCatalog.All.Single(known => known.Name == name);
        var request = new ScenarioRequest { Seed = seed };
        RunResult silent = scenario.Run(request).Result;
        int heard = 0;
        long lastStep = 0;
        RunResult listened = scenario.Run(request with
        {
            InputListener = input =>
            {
                heard++;
                Assert.InRange(input.Step, lastStep, silent.Steps);
                lastStep = input.Step;
                _ = input.Answer?.IsCompleted;
            },
        }).Result;
        Assert.True(heard > 0, "nobody told anything: this test says nothing");
        Assert.Equal((silent.Hash, silent.Steps, silent.EventsFired, silent.VirtualTime), (listened.Hash, listened.Steps, listened.EventsFired, listened.VirtualTime));
    }

    [Fact]
    public void Each_call_is_told_with_its_machine_life_task_and_answer()
    {
        var heard = new List<RecordedInput>();
        var world = new World(new WorldOptions { Seed = 1, InputListener = heard.Add });
        Machine machine = world.AddMachine("m", new MachineOptions());
        world.Run(async (_, _) =>
        {
            for (int boot = 0; boot < 2; boot++)
            {
                Incarnation process = machine.Boot(async (platform, _) =>
                {
                    IInputLog log = platform.Probes.OpenInputLog("door", "front")!;
                    await Task.Yield();
                    log.Asked("knock", Task.CompletedTask, new InputArgument("times", [3]));
                });
                await process.Exited;
            }
        });
        Assert.Equal([1, 2], heard.Select(static input => input.Life));
        RecordedInput first = heard[0];
        Assert.Equal(("m", "door", "front", "knock"), (first.Machine, first.Component, first.Name, first.Call));
        Assert.StartsWith("main#", first.Caller, StringComparison.Ordinal);
        Assert.NotEqual(first.Caller, heard[1].Caller);
        Assert.True(first.Answer!.IsCompletedSuccessfully);
        Assert.Equal("times", Assert.Single(first.Arguments).Name);
    }

    [Fact]
    public void Without_a_listener_there_is_no_log_of_inputs()
    {
        IInputLog? opened = null;
        var world = new World(new WorldOptions { Seed = 1 });
        world.Run((_, platform) =>
        {
            opened = platform.Probes.OpenInputLog("door", "front");
            return Task.CompletedTask;
        });
        Assert.Null(opened);
        IProbes production = new NoProbes();
        Assert.Null(production.OpenInputLog("door", "front"));
    }
}
