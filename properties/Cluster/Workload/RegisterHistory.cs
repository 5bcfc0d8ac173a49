using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Cluster.Workload;

/// <summary>What one client wrote to its own register, in rising values, and what others may read there: never less than was seen before they began.</summary>
internal sealed class RegisterHistory(World world, string name)
{
    private long _sent;
    private long _seen;

    public long Begin() => _seen;

    /// <summary>The value of the next write.</summary>
    public long Next() => ++_sent;

    public void Saw(long floor, long value)
    {
        if (value < floor || value > _sent)
        {
            Fail(value);
        }

        _seen = Math.Max(_seen, value);

        void Fail(long wrong) => world.Fail(
            ViolationClass.Safety, "history.register-went-back", $"{name}: {wrong} was read; {floor} had been seen before, {_sent} was the last one sent");
    }

    public void Audit(long value) => Saw(_seen, value);
}
