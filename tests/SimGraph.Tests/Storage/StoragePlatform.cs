using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Production;
using SimGraph.Runtime.Randomness;
using SimGraph.Runtime.Tasks;
using Xunit;

namespace SimGraph.Tests.Storage;

/// <summary>A platform with a given disk, pool threads and probes that are counted and can be waited for; no network.</summary>
internal sealed class StoragePlatform : IPlatform, IProbes
{
    private readonly object _gate = new();
    private readonly Dictionary<string, int> _reached = [];
    private readonly List<(string Name, int Count, TaskCompletionSource Done)> _waiting = [];

    public StoragePlatform(IDisk disk, TimeProvider? clock = null)
    {
        Disk = disk;
        Clock = clock ?? TimeProvider.System;
        Tasks = new PoolTaskHost(Clock, NullLogger.Instance);
    }

    /// <summary>Chance points that are always taken.</summary>
    public HashSet<string> Buggified { get; } = [];

    public string MachineName => "storage";

    public TimeProvider Clock { get; }

    public INetwork Network => throw new NotSupportedException("storage has no network");

    public IMessageSockets Messaging { get; } = new NoMessageSockets();

    public IDisk Disk { get; }

    public ITaskHost Tasks { get; }

    public IRandomSource Random { get; } = new SystemRandomSource();

    public IProbes Probes => this;

    public ILoggerFactory Logging => NullLoggerFactory.Instance;

    public INameResolver Names => throw new NotSupportedException("storage has no network");

    public bool WasReached(string name) => Count(name) > 0;

    public int Count(string name)
    {
        lock (_gate)
        {
            return _reached.GetValueOrDefault(name);
        }
    }

    /// <summary>Ends when the probe was reached so many times.</summary>
    public Task WhenReachedAsync(string name, int count)
    {
        lock (_gate)
        {
            if (_reached.GetValueOrDefault(name) >= count)
            {
                return Task.CompletedTask;
            }

            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((name, count, done));
            return done.Task;
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
            int count = _reached[name] = _reached.GetValueOrDefault(name) + 1;
            foreach ((string waited, int wanted, TaskCompletionSource done) in _waiting)
            {
                if (waited == name && wanted <= count)
                {
                    done.TrySetResult();
                }
            }
        }
    }

    public void Unreachable(string name) => Assert.Fail(name);

    public bool Buggify(string site) => Buggified.Contains(site);
}
