namespace SimGraph.Soak.Bench.Storage;

/// <summary>What <c>bench storage</c> measures, and for how long.</summary>
/// <param name="Rounds">Rounds of each workload; each round measures every contender once, one after the other. The median counts.</param>
/// <param name="Slice">How long a contender is measured in a round.</param>
/// <param name="Keys">Keys of the stores.</param>
/// <param name="Folder">Where the files go; a folder of its own is made below it, and deleted at the end.</param>
/// <param name="Only">Parts of names; if there are any, only contenders with such a name (and the floor) are measured.</param>
/// <param name="Parts">Which halves.</param>
internal sealed record StorageBenchOptions(int Rounds, TimeSpan Slice, int Keys, string Folder, IReadOnlyList<string> Only, StorageBenchParts Parts)
{
    public bool Takes(string name) => Only.Count == 0 || Only.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));
}
