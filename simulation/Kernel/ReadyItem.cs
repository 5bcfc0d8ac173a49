namespace SimGraph.Simulation.Kernel;

/// <summary>A continuation that can run now: the random priority drawn when it became ready (high half), and its order (low half).</summary>
internal readonly struct ReadyItem(ulong key, SimulatedTask task, SendOrPostCallback callback, object? state, long cause)
{
    public readonly ulong Key = key;
    public readonly SimulatedTask Task = task;
    public readonly SendOrPostCallback Callback = callback;
    public readonly object? State = state;
    public readonly long Cause = cause;
}
