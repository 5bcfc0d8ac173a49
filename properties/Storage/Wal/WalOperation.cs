using System.Globalization;

namespace SimGraph.Properties.Storage.Wal;

/// <summary>One operation, relative to the log as it is when its turn comes: so a plan stays sound when others are taken out of it.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Count">How many entries.</param>
/// <param name="Size">Bytes of each, about; of the state, too.</param>
/// <param name="Distance">How far from the log's end.</param>
internal sealed record WalOperation(WalOperationKind Kind, int Count, int Size, int Distance)
{
    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        WalOperationKind.Append => string.Create(CultureInfo.InvariantCulture, $"append {Count}x{Size}"),
        WalOperationKind.AppendNext => string.Create(CultureInfo.InvariantCulture, $"append next x{Size}"),
        WalOperationKind.Refused => string.Create(CultureInfo.InvariantCulture, $"refused gap of {Distance + 1}"),
        WalOperationKind.Overwrite => string.Create(CultureInfo.InvariantCulture, $"overwrite {Distance} by {Count}x{Size}"),
        WalOperationKind.State => string.Create(CultureInfo.InvariantCulture, $"state x{Size}"),
        WalOperationKind.StateAndEntries => string.Create(CultureInfo.InvariantCulture, $"state and {Count}x{Size}"),
        WalOperationKind.Start => string.Create(CultureInfo.InvariantCulture, $"start at -{Distance}"),
        WalOperationKind.Install => string.Create(CultureInfo.InvariantCulture, $"install at +{Distance}"),
        WalOperationKind.Truncate => "truncate",
        _ => "settle",
    };
}
