namespace SimGraph.Cluster.Discovery;

/// <summary>What an observer thinks of a record.</summary>
/// <param name="Verdict">Believed or not.</param>
/// <param name="KnownEpoch">The newest epoch of the node that the observer knows.</param>
/// <param name="Reason">Why it is not believed; empty if it is.</param>
public readonly record struct Admission(AdmissionVerdict Verdict, ulong KnownEpoch, string Reason)
{
    /// <summary>True if the record is believed.</summary>
    public bool IsWelcome => Verdict == AdmissionVerdict.Welcome;
}
