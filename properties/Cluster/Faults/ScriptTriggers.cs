using SimGraph.Runtime.Concurrency;
using SimGraph.Runtime.Time;

namespace SimGraph.Properties.Cluster.Faults;

/// <summary>Lets a script act at the very moment when the cluster is in a certain state. Whether it is, is asked whenever a node's log, commit index or role has changed.</summary>
internal sealed class ScriptTriggers(TimeProvider clock)
{
    private readonly List<Trigger> _armed = [];

    /// <summary>A node has changed.</summary>
    public void Observe()
    {
        for (int i = _armed.Count - 1; i >= 0; i--)
        {
            Trigger trigger = _armed[i];
            if (trigger.Condition())
            {
                _armed.RemoveAt(i);
                trigger.Action();
                trigger.Fired.Set();
            }
        }
    }

    /// <summary>Acts, inside the step of the node that brings the state about, as soon as the cluster is in it; false if that takes longer than the limit.</summary>
    public async Task<bool> ActAsync(Func<bool> condition, Action action, TimeSpan limit, CancellationToken cancellationToken)
    {
        var trigger = new Trigger(condition, action);
        _armed.Add(trigger);
        using Deadline deadline = Deadline.After(clock, limit, cancellationToken);
        try
        {
            await trigger.Fired.WaitAsync(deadline.Token);
            return true;
        }
        catch (OperationCanceledException) when (deadline.Expired)
        {
            return false;
        }
        finally
        {
            _armed.Remove(trigger);
        }
    }

    private sealed record Trigger(Func<bool> Condition, Action Action)
    {
        public AsyncSignal Fired { get; } = new();
    }
}
