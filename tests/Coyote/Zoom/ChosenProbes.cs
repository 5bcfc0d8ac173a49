using Microsoft.Coyote.Random;
using SimGraph.Runtime.Probes;
using Xunit;

namespace SimGraph.Coyote.Tests.Zoom;

/// <summary>Chance points are choices of Coyote's: on half of the schedules they fire now and then, as they do in the fast lane. Make it inside the scenario.</summary>
internal sealed class ChosenProbes : IProbes
{
    private const int FiresOneIn = 4;
    private readonly Generator _generator = Generator.Create();
    private readonly bool _active;

    internal ChosenProbes() => _active = _generator.NextBoolean();

    public void Always(bool condition, string name) => Assert.True(condition, $"'{name}' must always hold");

    public void Sometimes(bool condition, string name)
    {
    }

    public void Reachable(string name)
    {
    }

    public void Unreachable(string name) => Assert.Fail($"'{name}' must never be reached");

    public bool Buggify(string site) => _active && _generator.NextInteger(FiresOneIn) == 0;
}
