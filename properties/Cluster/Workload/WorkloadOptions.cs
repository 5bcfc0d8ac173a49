using SimGraph.Properties.Cluster.Plan;
using SimGraph.Replication.Client;

namespace SimGraph.Properties.Cluster.Workload;

/// <summary>How a client works.</summary>
/// <param name="Client">How it reaches the cluster.</param>
/// <param name="OperationLimit">How long it waits for one operation.</param>
/// <param name="ThinkTimeMax">Longest pause between operations.</param>
/// <param name="ReadPercent">Share of reads.</param>
/// <param name="LeaseReadPercent">Share of the reads that ask for the lease.</param>
/// <param name="OperationsMax">Operations until it is told to go on.</param>
/// <param name="Acknowledgements">How it wants its writes acknowledged; null for the plain way.</param>
internal sealed record WorkloadOptions(
    ClientOptions Client, TimeSpan OperationLimit, TimeSpan ThinkTimeMax, int ReadPercent, int LeaseReadPercent, int OperationsMax, AcknowledgementPlan? Acknowledgements);
