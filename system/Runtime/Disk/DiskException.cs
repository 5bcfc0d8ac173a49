namespace SimGraph.Runtime.Disk;

/// <summary>A disk call failed.</summary>
public sealed class DiskException : IOException
{
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
