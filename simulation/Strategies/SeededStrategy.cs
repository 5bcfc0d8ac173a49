using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Strategies;

/// <summary>A strategy whose runs have nothing to do with each other: each is a function of its seed.</summary>
internal sealed class SeededStrategy(string name, Func<IChoiceSource, IChoiceSource> decorate) : IStrategy
{
    public string Name => name;

    public bool IsExhausted => false;

    public bool CameToBound => false;

    public IChoiceSource Begin(ulong seed) => decorate(new SeededChoices(seed));

    public Violation? End() => null;
}
