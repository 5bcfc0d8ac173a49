namespace SimGraph.Storage.Lsm;

/// <summary>What reading a whole tree found.</summary>
/// <param name="Tables">Tables read.</param>
/// <param name="Entries">Versions in them.</param>
/// <param name="Bytes">Bytes of their files.</param>
/// <param name="Problems">What is wrong; empty if nothing is.</param>
public sealed record LsmVerification(int Tables, long Entries, long Bytes, IReadOnlyList<string> Problems)
{
    /// <summary>True if nothing is wrong.</summary>
    public bool IsGood => Problems.Count == 0;
}
