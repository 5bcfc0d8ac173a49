using System.Globalization;

namespace SimGraph.Properties.Storage.Trees;

/// <summary>One change of a batch.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Key">Number of the key (<see cref="TreeKeys"/>), of the range's start, or of the key whose begin is the prefix.</param>
/// <param name="End">Number of the key at the range's end.</param>
/// <param name="Size">Length of the value.</param>
internal sealed record PlannedChange(PlannedChangeKind Kind, int Key, int End, int Size)
{
    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        PlannedChangeKind.Put => string.Create(CultureInfo.InvariantCulture, $"+{Key}x{Size}"),
        PlannedChangeKind.Delete => string.Create(CultureInfo.InvariantCulture, $"-{Key}"),
        PlannedChangeKind.DeleteRange => string.Create(CultureInfo.InvariantCulture, $"-[{Key},{End})"),
        _ => string.Create(CultureInfo.InvariantCulture, $"-{Key}*"),
    };
}
