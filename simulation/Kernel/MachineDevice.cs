namespace SimGraph.Simulation.Kernel;

/// <summary>A part of the outside world that lives and dies with processes: the network, the disk of a machine. Called by <see cref="Machine"/>.</summary>
public abstract class MachineDevice
{
    /// <summary>A process has started.</summary>
    protected internal virtual void ProcessStarted(Incarnation process)
    {
    }

    /// <summary>A process has ended; its handles and connections are to be closed in the way that the exit implies.</summary>
    protected internal virtual void ProcessEnded(Incarnation process, ProcessExit exit)
    {
    }

    /// <summary>The power failed while no process ran.</summary>
    protected internal virtual void PowerLost(Machine machine)
    {
    }

    /// <summary>The machine was paused (true) or resumed (false).</summary>
    protected internal virtual void PauseChanged(Machine machine, bool paused)
    {
    }

    /// <summary>The machine, which is off, was wiped: its disk is new.</summary>
    protected internal virtual void Wiped(Machine machine)
    {
    }
}
