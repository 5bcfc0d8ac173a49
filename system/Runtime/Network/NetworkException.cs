namespace SimGraph.Runtime.Network;

/// <summary>A network call failed. An ordinary condition: the caller reconnects or gives up.</summary>
public sealed class NetworkException : IOException
{
    /// <param name="error">The kind of failure.</param>
    /// <param name="message">What failed, with the address.</param>
    /// <param name="innerException">The operating system's own error; null if there is none.</param>
    public NetworkException(NetworkError error, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Error = error;
    }

    /// <summary>The kind of failure.</summary>
    public NetworkError Error { get; }
}
