// A process that is killed. It opens the storage components on real files, writes to all of them for ever, and says on standard output what was acknowledged:
// one line for each, `NAME NUMBER`. What it finds when it opens is believed; the test that kills it checks.

using Microsoft.Extensions.Logging.Abstractions;
using SimGraph.Runtime.Production;
using SimGraph.Runtime.Tasks;
using SimGraph.StorageWriter;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: simgraph-storage-writer FOLDER");
    return 1;
}

var platform = new ProductionPlatform("writer", new SocketNetwork(), new FileSystemDisk(args[0]), NullLoggerFactory.Instance);
await using var scope = new TaskScope(platform.Tasks, "writer");
var report = new Report(Console.OpenStandardOutput());
report.Say("started", 0);
ScopedTask[] writers =
[
    scope.Run("wal", stop => WalWriting.RunAsync(platform, scope, report, stop)),
    scope.Run("kv", stop => KeyValueWriting.RunAsync(platform, scope, report, stop)),
    scope.Run("audit", stop => AuditWriting.RunAsync(platform, scope, report, stop)),
];
foreach (ScopedTask writer in writers)
{
    await writer.Completion;
}

Console.Error.WriteLine(scope.FirstFailure);
return 2;
