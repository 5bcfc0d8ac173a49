using System.Globalization;

namespace SimGraph.Properties.Storage.Audit;

/// <summary>One operation.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Count">How many events.</param>
/// <param name="Size">Characters of each, beyond the least.</param>
/// <param name="Hours">How far the clock is set.</param>
internal sealed record AuditOperation(AuditOperationKind Kind, int Count, int Size, int Hours)
{
    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        AuditOperationKind.Append => string.Create(CultureInfo.InvariantCulture, $"append {Count}x{Size}"),
        AuditOperationKind.JumpClock => string.Create(CultureInfo.InvariantCulture, $"set the clock by {Hours} h"),
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
