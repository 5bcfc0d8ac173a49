namespace SimGraph.Storage.Graph;

/// <summary>A place in an index: a value, and an element that has it.</summary>
/// <param name="Value">The value.</param>
/// <param name="Element">The element.</param>
public readonly record struct PropertyPosition(PropertyValue Value, ElementId Element)
{
    /// <summary>The value.</summary>
    public PropertyValue Value { get; } = Value.Kind != PropertyKind.None
        ? Value
        : throw new ArgumentException("The position has no value.", nameof(Value));

    internal static PropertyPosition Read(ref CanonicalReader reader) => new(reader.ReadValue(), reader.ReadId());

    internal void Write(ref CanonicalWriter writer)
    {
        writer.WriteValue(Value);
        writer.WriteId(Element);
    }
}
