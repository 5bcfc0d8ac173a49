namespace SimGraph.Tests.Cluster;

/// <summary>The clocks of a toy cluster with leases.</summary>
/// <param name="Bound">The drift bound that the members are told.</param>
/// <param name="Spread">How much faster the fastest clock may really run than the slowest.</param>
internal sealed record ToyClocks(double Bound, double Spread);
