using SimGraph.Runtime.Disk;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;

namespace SimGraph.Properties.Cluster;

/// <summary>Tells failures that a broken disk explains from those that nothing explains.</summary>
internal static class ClusterFailures
{
    /// <summary>True if the exception, or one behind it, says that the disk failed.</summary>
    public static bool IsOfDisk(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is DiskException or WriteAheadLogException or LsmException)
            {
                return true;
            }
        }

        return false;
    }
}
