// Small programs whose bug shows in some orders of their steps only, as known yardsticks for strategies. Each is told by name after the pattern that it stands for (the
// patterns of Lu and others, "Learning from Mistakes", ASPLOS 2008, and of SCTBench: Thomson, Donaldson, Betts, PPoPP 2014), and has a repaired twin, in which no order
// shows anything.

namespace SimGraph.Properties.Interleavings;

/// <summary>A program with a bug of order, and its repaired twin.</summary>
/// <param name="name">Lower case, with dashes.</param>
/// <param name="depth">How many constraints of order the bug needs, as PCT counts them.</param>
/// <param name="description">One line.</param>
internal abstract class Interleaving(string name, int depth, string description)
{
    public string Name => name;

    public int Depth => depth;

    public string Description => description;

    /// <summary>Starts the tasks. The result is asked once all have ended, and says whether what must hold then does.</summary>
    public abstract Func<bool> Start(InterleavedTasks tasks, bool repaired);
}
