// One run. Safety phase: the script plays, and every running service is held to the truth ten times a second. Liveness phase: everything heals, clones are
// gone, an operator gives wiped nodes a new identity and restarts who is fenced; within a stated time every node sees exactly the others, healthy, where they
// are now. Then every node is stopped, and must leave nothing.

using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using SimGraph.Runtime;
using SimGraph.Runtime.Network;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Network;
using SimGraph.Simulation.Trace;

namespace SimGraph.Properties.Discovery;

internal sealed class DiscoveryRun
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);
    private readonly World _world;
    private readonly IPlatform _harness;
    private readonly DiscoveryPlan _plan;
    private readonly DiscoveryTruth _truth;
    private readonly List<DiscoveryNode> _nodes = [];
    private readonly List<DiscoveryNode> _clones = [];
    private int _identities;

    public DiscoveryRun(World world, IPlatform harness, DiscoveryPlan plan)
    {
        _world = world;
        _harness = harness;
        _plan = plan;
        _truth = new DiscoveryTruth(world);
        ChoiceSite clocks = world.Site("discovery.machine-clock");
        for (int i = 0; i < plan.Nodes; i++)
        {
            long offset = plan.ClockOffsetMax == TimeSpan.Zero ? 0 : world.Choose(clocks, world.Harness, (uint)plan.ClockOffsetMax.TotalSeconds * 2);
            Machine machine = world.AddMachine($"n{i + 1}", new MachineOptions { WallClockOffset = TimeSpan.FromSeconds(offset) - plan.ClockOffsetMax });
            int number = i;
            _nodes.Add(new DiscoveryNode(world, _truth, machine, plan, new NodeId(++_identities))
            {
                IsSeed = plan.Seeds.Any(seeds => seeds.Contains(number)),
                Seeds = [.. plan.Seeds[i].Where(seed => seed > 0 || !plan.UsesNames).Select(seed => new NetworkAddress($"n{seed + 1}", DiscoveryNode.SeedPort))],
                UsesNames = plan.UsesNames && plan.Seeds[i].Contains(0),
            });
        }

        world.Network.Names.Set(DiscoveryNode.Name, "n1");
    }

    public async Task RunAsync()
    {
        var watching = new TaskScope(_harness.Tasks, "watch");
        var faults = new TaskScope(_harness.Tasks, "faults");
        Phase("safety");
        foreach (DiscoveryNode node in _nodes)
        {
            node.Boot();
        }

        watching.Run("look", LookAsync);
        faults.Run("machines", token => PlayAsync(faults, ofLinks: false, token));
        faults.Run("links", token => PlayAsync(faults, ofLinks: true, token));
        await _harness.Clock.DelayAsync(_plan.SafetyTime, CancellationToken.None);
        await faults.StopAsync(_plan.StopLimit * 2);

        Phase("liveness");
        await HealAsync();
        await ConvergeAsync();

        Phase("stop");
        await watching.StopAsync();
        foreach (DiscoveryNode node in _nodes)
        {
            await node.StopAsync();
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (DiscoveryNode node in _nodes)
            {
                if (node is { Machine.IsOn: true, Service: not null })
                {
                    node.Watch!.Look();
                    LookAtFence(node);
                }
            }

            await _harness.Clock.DelayAsync(LookInterval, cancellationToken);
        }
    }

    private void LookAtFence(DiscoveryNode node)
    {
        if (node.Service!.FencedBecause is { } reason && !node.IsWiped && _clones.All(clone => clone.Id != node.Id))
        {
            _world.Fail(ViolationClass.Safety, "discovery.fenced-without-cause", $"{node.Machine.Name} has its disk, and no clone: {reason}");
        }
    }

    private async Task PlayAsync(TaskScope scope, bool ofLinks, CancellationToken cancellationToken)
    {
        TimeSpan start = _world.Now;
        foreach (DiscoveryFault fault in _plan.Faults.Where(fault => fault.IsOfLinks == ofLinks))
        {
            await _harness.Clock.DelayAsync(start + fault.At - _world.Now, cancellationToken);
            _world.CountFault($"script.{fault.Kind}");
            _world.Trace.Emit(
                TraceKind.Fault, _nodes[fault.Node].Machine, (long)fault.Kind, fault.Duration.Ticks, _world.Trace.IsRecording ? fault.ToString() : null);
            if (ofLinks)
            {
                // One after the other, because a heal of the network heals whatever cut the link.
                await CutAsync(fault, cancellationToken);
            }
            else
            {
                scope.Run("fault", token => InjectAsync(fault, _nodes[fault.Node], token));
            }
        }
    }

    private async Task InjectAsync(DiscoveryFault fault, DiscoveryNode node, CancellationToken cancellationToken)
    {
        Machine machine = node.Machine;
        switch (fault.Kind)
        {
            case DiscoveryFaultKind.ClockJump:
                machine.Clock.Jump(machine, TimeSpan.FromSeconds(fault.Amount));
                break;
            case DiscoveryFaultKind.ClockDrift:
                machine.Clock.SetDrift(machine, fault.Amount);
                break;
            case DiscoveryFaultKind.NamesFail:
                await ForAsync(() => _world.Network.Names.IsFailing = true, HealNames, fault.Duration, cancellationToken);
                break;
            case DiscoveryFaultKind.NamesHang:
                await ForAsync(() => _world.Network.Names.Latency = Timeout.InfiniteTimeSpan, HealNames, fault.Duration, cancellationToken);
                break;
            case DiscoveryFaultKind.Pause:
                await ForAsync(machine.Pause, machine.Resume, fault.Duration, cancellationToken);
                break;
            case DiscoveryFaultKind.Clone:
                await CloneAsync(node, fault.Duration, cancellationToken);
                break;
            default:
                await DownAsync(fault, node, cancellationToken);
                break;
        }
    }

    private async Task DownAsync(DiscoveryFault fault, DiscoveryNode node, CancellationToken cancellationToken)
    {
        if (node.IsHeldDown)
        {
            return;
        }

        node.IsHeldDown = true;
        if (fault.Kind == DiscoveryFaultKind.Restart)
        {
            // A paused process cannot stop.
            node.Machine.Resume();
            await node.StopAsync();
        }
        else if (fault.Kind == DiscoveryFaultKind.Crash)
        {
            node.End(static machine => machine.Crash());
        }
        else
        {
            node.End(static machine => machine.PowerLoss());
            if (fault.Kind == DiscoveryFaultKind.Wipe)
            {
                node.Machine.Wipe();
                node.IsWiped = true;
            }
        }

        await _harness.Clock.DelayAsync(fault.Duration, cancellationToken);
        node.IsHeldDown = false;
        node.Boot();
    }

    private async Task CloneAsync(DiscoveryNode original, TimeSpan duration, CancellationToken cancellationToken)
    {
        Machine machine = _world.AddMachine($"clone{_clones.Count + 1}", new MachineOptions());
        var clone = new DiscoveryNode(_world, _truth, machine, _plan, original.Id) { Seeds = original.Seeds, UsesNames = original.UsesNames };
        _clones.Add(clone);
        clone.Boot();
        await _harness.Clock.DelayAsync(duration, cancellationToken);
        clone.End(static ended => ended.Crash());
    }

    private async Task CutAsync(DiscoveryFault fault, CancellationToken cancellationToken)
    {
        var links = new List<(Machine First, Machine Second)>();
        foreach (DiscoveryNode first in _nodes)
        {
            foreach (DiscoveryNode second in _nodes)
            {
                if (IsCut(fault, _nodes.IndexOf(first), _nodes.IndexOf(second)))
                {
                    links.Add((first.Machine, second.Machine));
                }
            }
        }

        PartitionDirection direction = fault.Kind == DiscoveryFaultKind.OneWayCut ? PartitionDirection.FirstToSecond : PartitionDirection.Both;
        foreach ((Machine first, Machine second) in links)
        {
            _truth.Cut(first, second, direction);
        }

        await _harness.Clock.DelayAsync(fault.Duration, cancellationToken);
        foreach ((Machine first, Machine second) in links)
        {
            _truth.Heal(first, second);
        }
    }

    private bool IsCut(DiscoveryFault fault, int first, int second)
    {
        int amount = Math.Abs(fault.Amount);
        return fault.Kind switch
        {
            DiscoveryFaultKind.Isolate => first == fault.Node && second != first,
            DiscoveryFaultKind.OneWayCut => first == fault.Node && second == (first + 1 + (amount % (_nodes.Count - 1))) % _nodes.Count,
            _ => (amount >> first & 1) == 0 && (amount >> second & 1) == 1,
        };
    }

    private async Task ForAsync(Action begin, Action end, TimeSpan duration, CancellationToken cancellationToken)
    {
        begin();
        try
        {
            await _harness.Clock.DelayAsync(duration, cancellationToken);
        }
        finally
        {
            end();
        }
    }

    private void HealNames()
    {
        _world.Network.Names.IsFailing = false;
        _world.Network.Names.Latency = TimeSpan.FromMilliseconds(1);
    }

    private async Task HealAsync()
    {
        _world.ChancePointsHealed = true;
        _truth.HealAll();
        _world.Network.FaultOptions = NetworkFaultOptions.None;
        HealNames();
        foreach (DiscoveryNode clone in _clones)
        {
            clone.End(static machine => machine.Crash());
        }

        foreach (DiscoveryNode node in _nodes)
        {
            node.Machine.Resume();
            node.IsHeldDown = false;
            if (!node.Machine.IsOn)
            {
                node.Boot();
            }
        }

        await OperateAsync();
    }

    /// <summary>What an operator does who reads the log: a machine that lost its disk gets a new identity, and one that shares its identity is restarted.</summary>
    private async Task OperateAsync()
    {
        foreach (DiscoveryNode node in _nodes)
        {
            if (node.Service?.FencedBecause is null)
            {
                continue;
            }

            await node.StopAsync();
            node.Id = node.IsWiped ? new NodeId(++_identities) : node.Id;
            node.IsWiped = false;
            node.Boot();
        }
    }

    private async Task ConvergeAsync()
    {
        TimeSpan deadline = _world.Now + _plan.LivenessLimit + _plan.ExpireAfter;
        while (_nodes.Any(node => WhatIsMissing(node) is not null))
        {
            if (_world.Now > deadline)
            {
                DiscoveryNode stuck = _nodes.First(node => WhatIsMissing(node) is not null);
                _world.Fail(ViolationClass.Liveness, "liveness.not-all-see-all", $"{stuck.Machine.Name} {WhatIsMissing(stuck)}");
                return;
            }

            await OperateAsync();
            await _harness.Clock.DelayAsync(LookInterval, CancellationToken.None);
        }
    }

    private string? WhatIsMissing(DiscoveryNode observer)
    {
        if (observer.Service?.Members is not { } members)
        {
            return "has not started";
        }

        foreach (DiscoveryNode node in _nodes)
        {
            ObservedMember? seen = members.Find(node.Id);
            if (node.Service?.Own is not { } own || seen is not { IsHealthy: true } || !seen.Record.IsSameProcess(own) || seen.Record.Role != own.Role)
            {
                return $"sees {node.Machine.Name} as {seen?.ToString() ?? "unknown"}, which is {node.Service?.Own}";
            }
        }

        return members.All.Count == _nodes.Count ? null : $"still knows {string.Join(", ", members.All.Where(member => !member.IsHealthy))}";
    }

    private void Phase(string name) => _world.Trace.Emit(TraceKind.Phase, null, text: name);
}
