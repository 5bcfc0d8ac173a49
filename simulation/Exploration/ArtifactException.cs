namespace SimGraph.Simulation.Exploration;

/// <summary>An artifact cannot be used: missing, foreign, newer, damaged. The message is one line and names the file.</summary>
public sealed class ArtifactException : Exception
{
    /// <param name="message">One line.</param>
    public ArtifactException(string message)
        : base(message)
    {
    }

    /// <param name="message">One line.</param>
    /// <param name="innerException">What led to it.</param>
    public ArtifactException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
