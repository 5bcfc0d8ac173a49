namespace SimGraph.Storage.Graph;

/// <summary>The graph store cannot do what it was asked to.</summary>
public class GraphStoreException : Exception
{
    /// <summary>Says what, where, and what to do.</summary>
    public GraphStoreException(string message)
        : base(message)
    {
    }

    /// <summary>Says what, where, and what to do.</summary>
    public GraphStoreException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
