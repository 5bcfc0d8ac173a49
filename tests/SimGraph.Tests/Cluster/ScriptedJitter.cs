namespace SimGraph.Tests.Cluster;

/// <summary>A stand-in for election jitter that always draws the same number, so that a scenario knows who times out first.</summary>
internal sealed class ScriptedJitter(int value) : Random
{
    public override int Next(int maxValue) => Math.Min(value, maxValue - 1);
}
