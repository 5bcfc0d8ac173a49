namespace SimGraph.Tests.Cluster;

/// <summary>How often a toy network loses a message, delivers it again, and takes one out of its turn; each from 0 to 1.</summary>
internal readonly record struct ToyNetworkFaults(double Loss, double Repeat, double Reorder);
