// The storage and replication benchmarks with everybody in them. A project of its own, in no solution, because its packages (a native RocksDB among them) are nobody
// else's business. Every contender gets the same bytes and, within a table, gives the same promise; what it cannot promise stands in its name.

using System.CommandLine;
using SimGraph.Peers.Logs;
using SimGraph.Peers.Replication;
using SimGraph.Peers.Stores;
using SimGraph.Soak;
using SimGraph.Soak.Bench.Storage;
using SimGraph.Soak.Commands;

using var signals = new StopSignals();
Terminal terminal = Terminal.OfProcess(signals.Interrupted);
LogContender[] logs =
[
    FasterLogUnderTest.Contender,
    DotNextLog.Contender,
    RocksDbLog.Contender,
    SqliteLog.Contender,
];
StoreContender[] stores =
[
    RocksDbStore.Contender,
    ZoneTreeStore.Contender,
    SqliteStore.Contender,
];
return SimGraphApp.Invoke(
    () =>
    {
        RootCommand root = StorageBenchCommand.Complete(
            new RootCommand("Measures SimGraph's log and stores beside others, in turns, on this machine's disk. Takes some minutes; use a Release build."),
            logs,
            stores,
            terminal);
        root.Add(ReplicationBenchCommand.Create([DotNextCluster.Contender], terminal));
        return root;
    },
    args,
    terminal);
