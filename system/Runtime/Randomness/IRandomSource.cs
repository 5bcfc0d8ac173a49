namespace SimGraph.Runtime.Randomness;

/// <summary>Named streams of random numbers. Drawing from one never shifts another. Thread-safe; a returned <see cref="Random"/> is not.</summary>
public interface IRandomSource
{
    /// <summary>The stream for a purpose such as <c>election.timeout</c>. Keep it; asking again returns a stream that continues, not one that restarts.</summary>
    Random Get(string purpose);
}
