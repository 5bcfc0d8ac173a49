namespace SimGraph.Storage.Graph;

/// <summary>
/// The node or edge that an operation means: one that exists, by its id, or one that an earlier operation of the same command creates,
/// by the ordinal of that operation (its id is not known before the command is in the log).
/// </summary>
public readonly record struct ElementReference
{
    // The bits of the id, or the ordinal.
    private readonly ulong _value;
    private readonly bool _created;

    private ElementReference(ulong value, bool created)
    {
        _value = value;
        _created = created;
    }

    /// <summary>Ordinal of the creating operation, or null when it is a reference by id.</summary>
    public int? CreatedByOperation => _created ? (int)_value : null;

    /// <summary>The id of a reference by id.</summary>
    internal ElementId Id => new(_value);

    internal int EncodedBytes => _created ? 3 : 9;

    /// <summary>A reference by id.</summary>
    public static implicit operator ElementReference(ElementId id) => new(id.Value, created: false);

    /// <summary>A reference by id.</summary>
    public static ElementReference FromElementId(ElementId id) => id;

    /// <summary>A reference to what operation <paramref name="ordinal"/> (from 0) of the same command creates.</summary>
    public static ElementReference CreatedBy(int ordinal)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ordinal);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ordinal, GraphLimits.OperationsPerCommandMax);
        return new((ulong)ordinal, created: true);
    }

    /// <inheritdoc/>
    public override string ToString() => _created ? $"#{_value}" : Id.ToString();

    /// <summary>The id, once the index of the log entry is known.</summary>
    internal ElementId Resolve(ulong logIndex) => _created ? ElementId.Of(logIndex, (int)_value) : Id;
}
