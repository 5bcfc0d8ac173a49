using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Simulation.Strategies;

/// <summary>A strategy that draws steps of a run before it begins, and so needs to know how long a run is: as long as the first one was, which goes without them.</summary>
internal sealed class LengthStrategy(string name, Func<IChoiceSource, long, ScheduleStrategy> decorate) : IStrategy
{
    private ScheduleStrategy? _running;

    public string Name => name;

    public bool IsExhausted => false;

    public bool CameToBound => false;

    /// <summary>The steps of the first run; 0 before it.</summary>
    public long StepsExpected { get; private set; }

    public IChoiceSource Begin(ulong seed) => _running = decorate(new SeededChoices(seed), StepsExpected);

    public Violation? End()
    {
        StepsExpected = StepsExpected == 0 ? _running!.Steps : StepsExpected;
        return null;
    }
}
