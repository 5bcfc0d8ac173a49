using SimGraph.Properties.Interleavings.Programs;
using SimGraph.Simulation.Exploration;

namespace SimGraph.Properties.Interleavings;

/// <summary>All programs with a bug of order, as scenarios.</summary>
public static class InterleavingScenarios
{
    private static readonly Interleaving[] Programs =
    [
        new InitialisationOrder(),
        new MessageReordering(),
        new CheckThenAct(),
        new LostWakeUp(),
        new Aba(),
        new DoubleClose(),
        new EarlyPublication(),
        new LockOrderInversion(),
        new MissedCancellation(),
        new LockCycleOfThree(),
        new ThreeStepOrder(),
        new SlotReuse(),
        new WrongWaiterWoken(),
    ];

    /// <summary>Those with the bug, by depth.</summary>
    public static IReadOnlyList<IScenario> Broken { get; } = [.. Programs.Select(program => new InterleavingScenario(program, repaired: false))];

    /// <summary>Their repaired twins, in the same order.</summary>
    public static IReadOnlyList<IScenario> Repaired { get; } = [.. Programs.Select(program => new InterleavingScenario(program, repaired: true))];

    /// <summary>How many constraints of order the bug of a program needs.</summary>
    public static int DepthOf(IScenario scenario) =>
        scenario is InterleavingScenario interleaving ? interleaving.Depth : throw new ArgumentException("no program of this list", nameof(scenario));
}
