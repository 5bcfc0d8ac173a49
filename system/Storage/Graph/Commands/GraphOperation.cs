namespace SimGraph.Storage.Graph;

/// <summary>One step of a <see cref="GraphCommand"/>; immutable. Constructors refuse what no codec would accept.</summary>
public abstract record GraphOperation
{
    private protected GraphOperation()
    {
    }

    /// <summary>What it does.</summary>
    public abstract OperationKind Kind { get; }

    /// <summary>Bytes of its canonical encoding without the kind.</summary>
    internal abstract int BodyBytes { get; }

    /// <summary>The node it refers to, if any; for an edge that is created, the first end.</summary>
    internal virtual ElementReference? NodeReference => null;

    /// <summary>The other end of an edge that is created.</summary>
    internal virtual ElementReference? SecondNodeReference => null;

    /// <summary>The edge it refers to, if any.</summary>
    internal virtual ElementReference? EdgeReference => null;

    internal abstract void WriteBody(ref CanonicalWriter writer);

    private protected static int NameBytes(string name) => sizeof(ushort) + GraphLimits.StrictUtf8.GetByteCount(name);

    private protected static PropertyValue CheckedValue(PropertyValue value) => value.Kind != PropertyKind.None
        ? value
        : throw new ArgumentException("The property has no value; to take it away, remove it.", nameof(value));
}
