using System.CommandLine;
using SimGraph.Simulation.Exploration;

namespace SimGraph.Soak.Commands;

/// <summary><c>simgraph scenarios</c>: what can be simulated.</summary>
internal static class ScenariosCommand
{
    public static Command Create(IReadOnlyList<IScenario> scenarios, Terminal terminal)
    {
        var command = new Command("scenarios", "Lists what can be simulated.");
        command.SetAction(_ =>
        {
            int width = scenarios.Select(scenario => scenario.Name.Length).DefaultIfEmpty(0).Max();
            foreach (IScenario scenario in scenarios)
            {
                terminal.Out.WriteLine($"{scenario.Name.PadRight(width)}  {scenario.Description}");
            }

            return ExitCodes.Held;
        });
        return command;
    }
}
