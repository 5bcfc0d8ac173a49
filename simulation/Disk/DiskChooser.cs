namespace SimGraph.Simulation.Disk;

/// <summary>Decides one thing about the disk. Zero always means the mildest outcome, so that shrinking moves towards no loss.</summary>
/// <param name="what">A stable dotted name.</param>
/// <param name="bound">The answer is below it; at least 1.</param>
public delegate uint DiskChooser(string what, uint bound);
