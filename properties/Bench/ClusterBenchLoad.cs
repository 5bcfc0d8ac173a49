namespace SimGraph.Properties.Bench;

/// <summary>A load on a cluster.</summary>
/// <param name="WritesPerVirtualSecond">Client writes offered in each second of virtual time; null for as many as the clients can keep in flight.</param>
/// <param name="Clients">Number of clients that share the load.</param>
/// <param name="VirtualTime">For how long the load is applied.</param>
public sealed record ClusterBenchLoad(int? WritesPerVirtualSecond, int Clients, TimeSpan VirtualTime);
