using SimGraph.Runtime.Probes;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Inputs;

namespace SimGraph.Simulation.Kernel;

/// <summary>The probes of one machine. Counts go to the world; a chance point is switched on or off once a run, then fires now and then (after FoundationDB).</summary>
internal sealed class SimulatedProbes(Machine machine) : IProbes
{
    private const uint ActivePercent = 25;
    private const uint FirePercent = 25;
    private readonly Dictionary<string, ChoiceSite?> _chancePoints = new(StringComparer.Ordinal);
    private int _lives;

    public void Always(bool condition, string name)
    {
        machine.World.Probes.Count(name, ProbeKind.Always, hit: true);
        if (!condition)
        {
            machine.World.Fail(ViolationClass.Safety, name, $"'{name}' must always hold, and does not on {machine.Name}");
        }
    }

    public void Sometimes(bool condition, string name)
    {
        machine.World.Probes.Count(name, ProbeKind.Sometimes, condition);
        if (condition)
        {
            machine.World.Options.Coverage?.Visit(machine.Index, name);
        }
    }

    public void Reachable(string name)
    {
        machine.World.Probes.Count(name, ProbeKind.Reachable, hit: true);
        machine.World.Options.Coverage?.Visit(machine.Index, name);
    }

    public void Unreachable(string name) =>
        machine.World.Fail(ViolationClass.Safety, name, $"'{name}' must never be reached, and was on {machine.Name}");

    public bool Buggify(string site)
    {
        World world = machine.World;
        if (!world.Options.ChancePoints)
        {
            return false;
        }

        if (!_chancePoints.TryGetValue(site, out ChoiceSite? fire))
        {
            bool active = world.Choose(world.Site($"chance-point.active.{site}"), world.Harness, 100) < ActivePercent;
            fire = active ? world.Site($"chance-point.fire.{site}") : null;
            _chancePoints.Add(site, fire);
        }

        if (fire is null || world.ChancePointsHealed || world.Choose(fire, machine, 100) >= FirePercent)
        {
            return false;
        }

        world.CountFault($"chance-point.{site}");
        world.Options.Coverage?.Visit(machine.Index, site);
        return true;
    }

    public IInputLog? OpenInputLog(string component, string name) =>
        machine.World.Options.InputListener is { } listener ? new SimulatedInputLog(machine, component, name, ++_lives, listener) : null;
}
