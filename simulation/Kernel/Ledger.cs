// Every live task, timer, connection, listener and file handle of one process, exactly and always on. "No task outlives Stop" is the statement that
// this is empty when a program's main task returns. A doubly linked list with pooled entries: adding and removing cost a few writes.

using System.Diagnostics;
using SimGraph.Runtime;

namespace SimGraph.Simulation.Kernel;

/// <summary>The live resources of one process.</summary>
public sealed class Ledger
{
    private readonly World _world;
    private readonly LedgerEntry _head = new();
    private readonly int[] _counts = new int[Enum.GetValues<LedgerKind>().Length];
    private LedgerEntry? _free;

    internal Ledger(World world)
    {
        _world = world;
        _head.Next = _head;
        _head.Previous = _head;
    }

    /// <summary>Number of live entries.</summary>
    public int Count { get; private set; }

    /// <summary>Number of live entries of a kind.</summary>
    public int CountOf(LedgerKind kind) => _counts[(int)kind];

    /// <summary>The live entries, oldest first.</summary>
    public IReadOnlyList<LedgerEntry> Snapshot()
    {
        var entries = new List<LedgerEntry>(Count);
        for (LedgerEntry entry = _head.Next!; entry != _head; entry = entry.Next!)
        {
            entries.Add(entry);
        }

        return entries;
    }

    /// <summary>Enters something that is now alive.</summary>
    public LedgerEntry Add(LedgerKind kind, string name)
    {
        LedgerEntry entry = _free ?? new LedgerEntry();
        _free = entry.Next;
        entry.Kind = kind;
        entry.Name = name;
        entry.CreatedBy = _world.Scheduler.Current?.Path ?? "the harness";
        entry.CreatedAt = _world.Now;
        entry.CreationStack = _world.Options.CaptureStacks ? CallSites.Capture() : null;
        entry.Previous = _head.Previous;
        entry.Next = _head;
        _head.Previous!.Next = entry;
        _head.Previous = entry;
        _counts[(int)kind]++;
        Count++;
        return entry;
    }

    /// <summary>Strikes out something that has ended. Exactly once for each entry.</summary>
    public void Remove(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Invariant.Check(entry.Previous is not null, "a ledger entry is struck out once");
        entry.Previous!.Next = entry.Next;
        entry.Next!.Previous = entry.Previous;
        entry.Previous = null;
        entry.Next = _free;
        _free = entry;
        _counts[(int)entry.Kind]--;
        Count--;
    }
}
