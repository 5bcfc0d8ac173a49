using SimGraph.Runtime.Disk;
using SimGraph.Storage.Log;
using SimGraph.Storage.Lsm;

namespace SimGraph.Replication;

/// <summary>Tells a device that fails, which is an event of operation, from a bug.</summary>
internal static class DeviceFailure
{
    /// <summary>True if the disk, or what keeps log and state on it, said that it failed.</summary>
    public static bool Is(Exception exception) => exception is DiskException or WriteAheadLogException or LsmException;
}
