namespace SimGraph.Soak.Bench;

/// <summary>What a task of the benchmark does in a step, besides giving way.</summary>
internal enum KernelStep
{
    /// <summary>Nothing.</summary>
    Yield,

    /// <summary>It sleeps instead: a timer, its ledger entry, an event and a jump of virtual time more.</summary>
    Sleep,

    /// <summary>It hits a probe, which is what coverage notes.</summary>
    Probe,
}
