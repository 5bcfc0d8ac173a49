namespace SimGraph.Runtime.Probes;

/// <summary>
/// Statements about behaviour that a simulation counts and checks, and production ignores. Names are stable, dotted, lower case. Thread-safe.
/// (After Antithesis' always / sometimes / reachable and FoundationDB's CODE_PROBE and BUGGIFY.)
/// </summary>
public interface IProbes
{
    /// <summary>Must hold every time. A simulation fails the run when it does not; production ignores it (use <see cref="Invariant"/> to stop a process).</summary>
    void Always(bool condition, string name);

    /// <summary>Should hold at least once in a campaign; a report lists those that never did.</summary>
    void Sometimes(bool condition, string name);

    /// <summary>Should be reached at least once in a campaign.</summary>
    void Reachable(string name);

    /// <summary>Must never be reached. A simulation fails the run.</summary>
    void Unreachable(string name);

    /// <summary>
    /// A chance point: true now and then in simulation, where the code then does something rare but legal (a short batch, an early rotation).
    /// Always false in production.
    /// </summary>
    bool Buggify(string site);

    /// <summary>
    /// Where a component that begins its life tells what it is asked; null when nobody listens, as in production and in most simulated runs. Ask once, at the beginning.
    /// </summary>
    /// <param name="component">Stable, lower case: what kind of component it is.</param>
    /// <param name="name">Which one of several of a machine, such as the folder of a log.</param>
    IInputLog? OpenInputLog(string component, string name) => null;
}
