// What a run went through, cheaply: places (kinds of trace events, probes that were hit, log messages) in pairs of one and the next on the same machine, counted in a table of fixed size. The idea of
// edges, hashed into such a table and counted in classes, is AFL's (Zalewski, technical whitepaper); places are ours, because a distributed system is in a new state when events come in a new order,
// not when a new branch is taken. Two pairs may share a slot; with some thousand pairs in 65,536 slots few do, and a missed pair only costs guidance.

using SimGraph.Simulation.Choices;

namespace SimGraph.Simulation.Trace;

/// <summary>The coverage of one run. Used by its thread while it runs; no part of its outcome.</summary>
public sealed class Coverage
{
    private const int Slots = 1 << 16;
    private const int MachinesBegun = 16;
    private readonly byte[] _counts = new byte[Slots];
    private readonly List<ushort> _pairs = [];
    private ulong[] _last = new ulong[MachinesBegun];

    /// <summary>The pairs that were seen, in the order in which each was first seen.</summary>
    public IReadOnlyList<ushort> Pairs => _pairs;

    /// <summary>The pairs with how often each was seen: once, twice, three times, up to 7, 15, 31, 127, more. A number for each.</summary>
    public IEnumerable<int> Levels => _pairs.Select(pair => (pair << 3) | LevelOf(_counts[pair]));

    /// <summary>Hash of where each machine is: of its last place.</summary>
    public ulong State { get; private set; }

    /// <summary>A place by number, such as a kind of event.</summary>
    internal void Visit(int machine, CoveragePlace kind, int number) => Visit(machine, StableHash.Mix(((ulong)kind << 32) | (uint)number));

    /// <summary>A place by name, such as a probe.</summary>
    internal void Visit(int machine, string name) => Visit(machine, StableHash.Of(name));

    private static int LevelOf(byte count) => count switch
    {
        <= 3 => count - 1,
        <= 7 => 3,
        <= 15 => 4,
        <= 31 => 5,
        <= 127 => 6,
        _ => 7,
    };

    private void Visit(int machine, ulong place)
    {
        if (machine >= _last.Length)
        {
            Array.Resize(ref _last, machine * 2);
        }

        // Shifted, so that a place behind itself is not the same as every other behind itself.
        ushort pair = (ushort)(place ^ (_last[machine] >> 1));
        State ^= StableHash.Combine(_last[machine], (ulong)machine) ^ StableHash.Combine(place, (ulong)machine);
        _last[machine] = place;
        ref byte count = ref _counts[pair];
        if (count == 0)
        {
            _pairs.Add(pair);
        }

        if (count < byte.MaxValue)
        {
            count++;
        }
    }
}
