namespace SimGraph.Runtime.Network;

/// <summary>A network call failed. An ordinary condition: the caller reconnects or gives up.</summary>
public sealed class NetworkException : IOException
{
    public NetworkException(NetworkError error, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Error = error;
    }

    /// <summary>The kind of failure.</summary>
    public NetworkError Error { get; }
}
