namespace SimGraph.Simulation.Disk;

/// <summary>What a name in a folder stands for: a file or a folder.</summary>
internal abstract class DiskNode;
