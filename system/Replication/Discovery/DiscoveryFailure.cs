using SimGraph.Replication.Wire;

namespace SimGraph.Replication.Discovery;

/// <summary>Tells the ways in which a question ends in ordinary operation from bugs.</summary>
internal static class DiscoveryFailure
{
    /// <summary>True for an exception that costs the connection and nothing else.</summary>
    public static bool IsExpected(Exception exception) => exception is DiscoveryRefusedException || ConnectionFailure.IsExpected(exception);
}
