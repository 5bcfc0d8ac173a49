namespace SimGraph.Properties.Primitives;

/// <summary>What a model says of a call: how it ends, and when, once that is decided.</summary>
internal sealed class Expectation
{
    public CallEnd? End { get; private set; }

    public TimeSpan At { get; private set; }

    public bool IsOpen => End is null;

    public void Decide(CallEnd end, TimeSpan now)
    {
        End = end;
        At = now;
    }
}
