namespace SimGraph.Runtime.Disk;

/// <summary>A disk call failed.</summary>
public sealed class DiskException : IOException
{
    /// <param name="error">The kind of failure.</param>
    /// <param name="path">The file or folder; begins the exception's message.</param>
    /// <param name="message">What failed.</param>
    /// <param name="innerException">The operating system's own error; null if there is none.</param>
    public DiskException(DiskError error, string path, string message, Exception? innerException = null)
        : base($"{path}: {message}", innerException)
    {
        Error = error;
        Path = path;
    }

    /// <summary>The kind of failure.</summary>
    public DiskError Error { get; }

    /// <summary>The file or folder.</summary>
    public string Path { get; }
}
