using SimGraph.Runtime.Randomness;

namespace SimGraph.Runtime.Production;

/// <summary>System entropy: a fresh generator for each purpose asked for.</summary>
public sealed class SystemRandomSource : IRandomSource
{
    /// <inheritdoc/>
    public Random Get(string purpose) => new();
}
