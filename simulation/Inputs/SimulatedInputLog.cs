// Hands the calls of one component to the run's listener. It makes no choice and folds nothing into the hash: a run that is listened to is the run that nobody listens to.

using System.Globalization;
using SimGraph.Runtime.Probes;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Inputs;

/// <summary>One life of a component of a machine.</summary>
internal sealed class SimulatedInputLog(Machine machine, string component, string name, int life, Action<RecordedInput> listener) : IInputLog
{
    public void Asked(string call, Task? answer, params ReadOnlySpan<InputArgument> arguments)
    {
        World world = machine.World;
        listener(new RecordedInput
        {
            Machine = machine.Name,
            Component = component,
            Name = name,
            Life = life,
            Caller = world.Scheduler.Current is { } task ? string.Create(CultureInfo.InvariantCulture, $"{task.Path}#{task.Number}") : "world",
            Step = world.Scheduler.Steps,
            At = world.Now,
            Call = call,
            Arguments = arguments.ToArray(),
            Answer = answer,
        });
    }
}
