using Microsoft.Extensions.Logging;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Production;
using SimGraph.Runtime.Randomness;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Tests.Conformance;

/// <summary>Runs a body on a real disk in a temporary folder that is gone afterwards.</summary>
internal static class RealDiskRun
{
    internal static void Run(Func<IPlatform, Task> body)
    {
        string root = Path.Combine(Path.GetTempPath(), $"simgraph-disk-{Guid.NewGuid():N}");
        try
        {
            // xunit has no synchronization context of its own here, and the body's tasks run on the pool: this cannot deadlock.
#pragma warning disable VSTHRD002 // A contract is a synchronous test, because a simulated run is.
            Task.Run(() => body(new DiskPlatform(new FileSystemDisk(root)))).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>A platform that is nothing but a disk.</summary>
    private sealed class DiskPlatform(IDisk disk) : IPlatform
    {
        public string MachineName => "real";

        public TimeProvider Clock => TimeProvider.System;

        public INetwork Network => throw new NotSupportedException("the disk suite uses no network");

        public IMessageSockets Messaging { get; } = new NoMessageSockets();

        public IDisk Disk { get; } = disk;

        public ITaskHost Tasks => throw new NotSupportedException("the disk suite starts no tasks");

        public IRandomSource Random => throw new NotSupportedException("the disk suite draws no numbers");

        public IProbes Probes { get; } = new NoProbes();

        public ILoggerFactory Logging => throw new NotSupportedException("the disk suite logs nothing");

        public INameResolver Names => throw new NotSupportedException("the disk suite resolves no names");
    }
}
