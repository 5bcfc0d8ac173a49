using SimGraph.Storage.Graph;

namespace SimGraph.RealCluster.Work;

/// <summary>One number property of a node: a register that is set, or a counter that is added to. Thread-safe.</summary>
/// <param name="node">The node.</param>
/// <param name="nodeName">What the history calls the node.</param>
/// <param name="key">The property.</param>
/// <param name="isCounter">Whether it is added to.</param>
internal sealed class Cell(ElementId node, string nodeName, string key, bool isCounter)
{
    private readonly object _gate = new();
    private readonly HashSet<long> _unknown = [];
    private long _unknownSum;

    public ElementId Node => node;

    public string NodeName => nodeName;

    public string Key => key;

    public bool IsCounter => isCounter;

    /// <summary>What was read when the round had ended.</summary>
    public long Final { get; set; }

    /// <summary>A write of this value has an unknown outcome: it may still come.</summary>
    public void MayBecome(long value)
    {
        lock (_gate)
        {
            _unknown.Add(value);
            _unknownSum += value;
        }
    }

    /// <summary>Whether a value can be there after the round.</summary>
    public bool Allows(long value)
    {
        lock (_gate)
        {
            return value == Final || (isCounter ? value > Final && value - Final <= _unknownSum : _unknown.Contains(value));
        }
    }
}
