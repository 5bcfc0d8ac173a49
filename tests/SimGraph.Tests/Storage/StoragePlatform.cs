using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Production;
using SimGraph.Runtime.Randomness;
using SimGraph.Runtime.Tasks;
using Xunit;

namespace SimGraph.Tests.Storage;

/// <summary>A platform with a given disk, pool threads and probes that are remembered; no network.</summary>
internal sealed class StoragePlatform : IPlatform, IProbes
{
    private readonly object _gate = new();
    private readonly HashSet<string> _reached = [];

    public StoragePlatform(IDisk disk)
    {
        Disk = disk;
        Tasks = new PoolTaskHost(Clock, NullLogger.Instance);
    }

    /// <summary>Chance points that are always taken.</summary>
    public HashSet<string> Buggified { get; } = [];

    public string MachineName => "storage";

    public TimeProvider Clock { get; } = TimeProvider.System;

    public INetwork Network => throw new NotSupportedException("storage has no network");

    public IDisk Disk { get; }

    public ITaskHost Tasks { get; }

    public IRandomSource Random { get; } = new SystemRandomSource();

    public IProbes Probes => this;

    public ILoggerFactory Logging => NullLoggerFactory.Instance;

    public bool WasReached(string name)
    {
        lock (_gate)
        {
            return _reached.Contains(name);
        }
    }

    public void Always(bool condition, string name) => Assert.True(condition, name);

    public void Sometimes(bool condition, string name)
    {
    }

    public void Reachable(string name)
    {
        lock (_gate)
        {
            _reached.Add(name);
        }
    }

    public void Unreachable(string name) => Assert.Fail(name);

    public bool Buggify(string site) => Buggified.Contains(site);
}
