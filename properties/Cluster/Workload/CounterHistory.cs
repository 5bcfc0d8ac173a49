using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Cluster.Workload;

/// <summary>
/// What clients did to a shared counter, and what that allows them to see. Every increment is by one, so the values that increments return are distinct,
/// and in real time no completed operation is followed by one that sees less.
/// </summary>
internal sealed class CounterHistory(World world, string name)
{
    private readonly HashSet<long> _returned = [];
    private long _possible;
    private long _acknowledged;
    private long _seen;

    /// <summary>An operation begins. The result goes back into the call that ends it.</summary>
    public long Begin() => _seen;

    /// <summary>An increment is sent: from now on it may be applied.</summary>
    public void Sent() => _possible++;

    /// <summary>An increment was not applied, and its client was told so.</summary>
    public void NotApplied() => _possible--;

    public void Incremented(long floor, long value)
    {
        _acknowledged++;
        if (value <= floor)
        {
            Fail("history.increment-went-back", $"an increment returned {value}, although {floor} had been seen before it began");
        }

        if (!_returned.Add(value))
        {
            Fail("history.increment-twice", $"two increments returned {value}");
        }

        Saw(value);
    }

    public void Read(long floor, long value)
    {
        if (value < floor)
        {
            Fail("history.read-went-back", $"a read returned {value}, although {floor} had been seen before it began");
        }

        Saw(value);
    }

    /// <summary>Checks the counter's value once every operation has ended.</summary>
    public void Audit(long value)
    {
        if (value < _acknowledged || value < _seen)
        {
            Fail("history.acknowledged-write-lost", $"it ends at {value}, but {_acknowledged} increments were acknowledged and {_seen} was seen");
        }

        if (value > _possible)
        {
            Fail("history.applied-twice", $"it ends at {value}, but at most {_possible} increments can have been applied");
        }
    }

    private void Saw(long value)
    {
        if (value > _possible)
        {
            Fail("history.applied-twice", $"{value} was seen, but at most {_possible} increments can have been applied");
        }

        _seen = Math.Max(_seen, value);
    }

    private void Fail(string check, string message) => world.Fail(ViolationClass.Safety, check, $"{name}: {message}");
}
