namespace SimGraph.Properties.Storage;

/// <summary>A component broke a promise: something acknowledged is missing, or something is there that cannot be.</summary>
public sealed class StorageViolationException : Exception
{
    /// <param name="name">Stable and dotted, as <c>wal.acknowledged-lost</c>: violations are grouped by it.</param>
    /// <param name="message">What was expected, and what was found.</param>
    public StorageViolationException(string name, string message)
        : base(message)
    {
        ViolationName = name;
    }

    /// <summary>Stable and dotted.</summary>
    public string ViolationName { get; }
}
