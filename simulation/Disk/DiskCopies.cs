namespace SimGraph.Simulation.Disk;

/// <summary>Which node of a fork stands for which of its original.</summary>
internal sealed class DiskCopies(Dictionary<DiskNode, DiskNode> nodes)
{
    /// <summary>Null for a file that no name, seen or durable, stands for: nothing done to it is ever seen again.</summary>
    internal DiskInode? Of(DiskInode inode) => nodes.TryGetValue(inode, out DiskNode? copy) ? (DiskInode)copy : null;
}
