using System.CommandLine;
using SimGraph.Properties.Bench;
using SimGraph.Simulation.Exploration;
using SimGraph.Soak.Bench;
using SimGraph.Soak.Rendering;

namespace SimGraph.Soak.Commands;

/// <summary><c>simgraph bench</c>: how fast the simulator and the storage engine are, with the targets beside the numbers.</summary>
internal static class BenchCommand
{
    private const int CrashesMost = 1_000_000;

    public static Command Create(IClusterBench? clusterBench, Terminal terminal)
    {
        var kernel = new Command(
            "kernel",
            "Scheduler steps a second, bytes a step, memory, and two workloads beside Coyote's engine. Takes about a minute; use a Release build.");
        kernel.SetAction(_ => RunKernel(terminal));
        var cluster = new Command(
            "cluster", "Virtual seconds and committed writes for each second of CPU time, for a cluster of three machines, with and without faults.");
        cluster.SetAction(_ => RunCluster(
            clusterBench ?? throw new UsageException("bench cluster: this build has no cluster to measure"), terminal));
        var storage = new Command(
            "storage", "Our log and our stores on this machine's disk, beside what the disk itself can do. Takes about a minute; use a Release build.");
        return new Command("bench", "Measures how fast the simulator is, the storage engine, and how long a failover takes.")
        {
            kernel,
            cluster,
            CreateFailover(terminal),
            StorageBenchCommand.Complete(storage, [], [], terminal),
            ReplicationBenchCommand.Create([], terminal),
            StrategyBenchCommand.Create(terminal),
        };
    }

    private static Command CreateFailover(Terminal terminal)
    {
        var crashes = new Option<int>("--crashes")
        {
            Description = "Crashes of leaders for each row.",
            HelpName = "N",
            DefaultValueFactory = static _ => 2000,
            CustomParser = static result => Parsing.Number(result, "--crashes", 1, CrashesMost),
        };
        var failover = new Command("failover", "How long clients wait in virtual time when a leader goes down, with the histogram.") { crashes };
        failover.SetAction(parsed => RunFailover(parsed.GetValue(crashes), terminal));
        return failover;
    }

    private static int RunFailover(int crashes, Terminal terminal)
    {
        BenchView.WriteMachine(terminal);
        var runner = new FailoverBenchRunner(terminal.Interrupted);
        foreach (string profile in (string[])[Profiles.Performance, Profiles.Swarm])
        {
            foreach (int nodes in (int[])[3, 5])
            {
                FailoverView.Write(runner.Measure(profile, nodes, LeaderEnd.Killed, crashes), terminal);
            }
        }

        FailoverView.Write(runner.Measure(Profiles.Performance, 3, LeaderEnd.PowerLost, crashes), terminal);
        BenchView.WriteLoad(terminal);
        return ExitCodes.Held;
    }

    private static int RunKernel(Terminal terminal)
    {
        BenchView.WriteMachine(terminal);
        var bench = new KernelBench(terminal.Interrupted);
        BenchView.WriteRates(bench.Rates(), terminal);
        BenchView.WriteMemory(bench.LongRun(), terminal);
        var coyote = new CoyoteBench(terminal.Interrupted);
        BenchView.WriteEngines([.. CoyoteBench.Workloads.Select(workload => (workload.Tasks, workload.Yields, coyote.Compare(workload)))], terminal);
        BenchView.WriteLoad(terminal);
        return ExitCodes.Held;
    }

    private static int RunCluster(IClusterBench clusterBench, Terminal terminal)
    {
        BenchView.WriteMachine(terminal);
        var runner = new ClusterBenchRunner(clusterBench, terminal.Interrupted);
        var steady = new ClusterBenchLoad(WritesPerVirtualSecond: 20, Clients: 4, VirtualTime: TimeSpan.FromMinutes(10));
        var full = new ClusterBenchLoad(WritesPerVirtualSecond: null, Clients: 64, VirtualTime: TimeSpan.FromSeconds(30));
        ClusterRate[] rates =
        [
            runner.Measure(Profiles.Swarm, steady),
            runner.Measure(Profiles.Performance, steady),
            runner.Measure(Profiles.Swarm, full),
            runner.Measure(Profiles.Performance, full),
        ];
        BenchView.WriteCluster(rates, terminal);
        BenchView.WriteLoad(terminal);
        return ExitCodes.Held;
    }
}
