namespace SimGraph.Tests.Cluster;

/// <summary>Always draws zero, and remembers from how much.</summary>
internal sealed class RecordingJitter : Random
{
    public List<int> Bounds { get; } = [];

    public override int Next(int maxValue)
    {
        Bounds.Add(maxValue);
        return 0;
    }
}
