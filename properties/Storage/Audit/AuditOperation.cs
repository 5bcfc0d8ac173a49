using System.Globalization;

namespace SimGraph.Properties.Storage.Audit;

/// <summary>One operation.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Count">How many events.</param>
/// <param name="Size">Characters of each, beyond the least.</param>
/// <param name="Hours">How far the clock is set.</param>
/// <param name="Number">Decides how it is read.</param>
internal sealed record AuditOperation(AuditOperationKind Kind, int Count, int Size, int Hours, int Number)
{
    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        AuditOperationKind.Append => string.Create(CultureInfo.InvariantCulture, $"append {Count}x{Size}"),
        AuditOperationKind.Read => string.Create(CultureInfo.InvariantCulture, $"read {Number}"),
        AuditOperationKind.JumpClock => string.Create(CultureInfo.InvariantCulture, $"set the clock by {Hours} h"),
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
