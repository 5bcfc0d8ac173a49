using SimGraph.Replication.Fanout.Following;
using SimGraph.Simulation.Kernel;
using SimGraph.Storage.Graph;

namespace SimGraph.Properties.Fanout;

/// <summary>A writer increments a counter of its own, one after the other: what it was told bounds what anybody may read.</summary>
internal sealed class WriterHistory(World world, string name)
{
    public const string Key = "count";
    private ElementId? _node;
    private long _acknowledged;
    private long _possible;

    /// <summary>Increments that were acknowledged.</summary>
    public long Acknowledged => _acknowledged;

    /// <summary>The writer's counter; null before it exists.</summary>
    public ElementId? Node
    {
        get => _node;
        set => _node = value;
    }

    /// <summary>Asks for the counter.</summary>
    public GraphQuery Query => new GetNode(_node ?? default);

    public void Sent() => _possible++;

    public void NotApplied() => _possible--;

    public void Incremented(long value)
    {
        _acknowledged++;
        if (value > _possible)
        {
            Fail("fanout.applied-twice", $"an increment returned {value}, but at most {_possible} were sent");
        }
    }

    /// <summary>What a replica answered: never more than was sent.</summary>
    public long Read(string replica, ReplicaAnswer answer)
    {
        long value = answer.Answer is NodeAnswer { Node: { } node } && node.Properties.TryGet(Key, out PropertyValue count) ? count.AsInt64() : 0;
        if (value > _possible)
        {
            Fail("fanout.applied-twice", $"{replica} reads {value}, but at most {_possible} were sent");
        }

        return value;
    }

    /// <summary>What a replica that has everything answered: nothing acknowledged is missing.</summary>
    public void Audit(string replica, long value)
    {
        if (value < _acknowledged)
        {
            Fail("fanout.acknowledged-write-lost", $"{replica} reads {value} in the end, but {_acknowledged} were acknowledged");
        }
    }

    private void Fail(string check, string message) => world.Fail(ViolationClass.Safety, check, $"{name}: {message}");
}
