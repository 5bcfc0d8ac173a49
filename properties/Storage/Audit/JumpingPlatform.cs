using Microsoft.Extensions.Logging;
using SimGraph.Runtime;
using SimGraph.Runtime.Disk;
using SimGraph.Runtime.Messaging;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Probes;
using SimGraph.Runtime.Randomness;
using SimGraph.Runtime.Tasks;

namespace SimGraph.Properties.Storage.Audit;

/// <summary>A machine's platform with a clock that can be set.</summary>
internal sealed class JumpingPlatform(IPlatform platform) : IPlatform
{
    public string MachineName => platform.MachineName;

    public TimeProvider Clock => SetClock;

    public JumpingClock SetClock { get; } = new(platform.Clock);

    public INetwork Network => platform.Network;

    public IMessageSockets Messaging => platform.Messaging;

    public IDisk Disk => platform.Disk;

    public ITaskHost Tasks => platform.Tasks;

    public IRandomSource Random => platform.Random;

    public IProbes Probes => platform.Probes;

    public ILoggerFactory Logging => platform.Logging;

    public INameResolver Names => platform.Names;
}
