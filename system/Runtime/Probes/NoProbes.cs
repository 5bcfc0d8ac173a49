namespace SimGraph.Runtime.Probes;

/// <summary>The production side of <see cref="IProbes"/>: does nothing.</summary>
public sealed class NoProbes : IProbes
{
    /// <inheritdoc/>
    public void Always(bool condition, string name)
    {
    }

    /// <inheritdoc/>
    public void Sometimes(bool condition, string name)
    {
    }

    /// <inheritdoc/>
    public void Reachable(string name)
    {
    }

    /// <inheritdoc/>
    public void Unreachable(string name)
    {
    }

    /// <inheritdoc/>
    public bool Buggify(string site) => false;
}
