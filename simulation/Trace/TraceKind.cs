namespace SimGraph.Simulation.Trace;

/// <summary>The kinds of trace events. The legend is in docs/event-log.md; values are part of the trace hash.</summary>
public enum TraceKind
{
    /// <summary>Free text: a log line of the system, a note of the scenario. Not part of the hash.</summary>
    Note = 0,

    /// <summary>A machine started a process (first: number of the boot).</summary>
    Boot = 1,

    /// <summary>A process was asked to stop.</summary>
    StopRequested = 2,

    /// <summary>A program returned.</summary>
    Exit = 3,

    /// <summary>A program threw.</summary>
    Abort = 4,

    /// <summary>A process was killed.</summary>
    Crash = 5,

    /// <summary>A machine lost power.</summary>
    PowerLoss = 6,

    /// <summary>A machine was paused.</summary>
    Pause = 7,

    /// <summary>A machine was resumed.</summary>
    Resume = 8,

    /// <summary>A machine got a new disk.</summary>
    Wipe = 9,

    /// <summary>A wall clock jumped (first: ticks).</summary>
    ClockJump = 10,

    /// <summary>A clock changed its rate (first: parts per million).</summary>
    ClockDrift = 11,

    /// <summary>A violation was found.</summary>
    Violation = 12,

    /// <summary>The scenario entered a phase.</summary>
    Phase = 13,

    /// <summary>A fault was injected.</summary>
    Fault = 14,

    /// <summary>A client's operation, as the scenario sees it.</summary>
    Client = 15,

    /// <summary>A connection was asked for.</summary>
    Connect = 20,

    /// <summary>A connection was established.</summary>
    Connected = 21,

    /// <summary>A connection could not be established.</summary>
    ConnectFailed = 22,

    /// <summary>Bytes were sent.</summary>
    Send = 23,

    /// <summary>Bytes arrived.</summary>
    Deliver = 24,

    /// <summary>A connection was closed or half-closed.</summary>
    Close = 25,

    /// <summary>A connection was reset.</summary>
    Reset = 26,

    /// <summary>A listener opened or closed.</summary>
    Listen = 27,

    /// <summary>Links were cut or healed.</summary>
    Partition = 28,

    /// <summary>A file was opened, closed, renamed or deleted.</summary>
    File = 40,

    /// <summary>Bytes were written.</summary>
    Write = 41,

    /// <summary>Bytes were read.</summary>
    Read = 42,

    /// <summary>A file or folder was flushed.</summary>
    Flush = 43,

    /// <summary>What a power loss did to a disk.</summary>
    DiskLoss = 44,
}
