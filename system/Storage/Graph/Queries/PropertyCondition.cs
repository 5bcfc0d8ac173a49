// A condition is on values of one kind: an integer is never compared with a floating point number. The order within a kind is that of
// PropertyOrder, which an index has in its keys.

namespace SimGraph.Storage.Graph;

/// <summary>What the value of a property must be; immutable.</summary>
public sealed record PropertyCondition
{
    private PropertyCondition(PropertyConditionKind kind, PropertyValue? from, PropertyValue? to, bool includesFrom, bool includesTo)
    {
        Kind = kind;
        From = from;
        To = to;
        IncludesFrom = includesFrom;
        IncludesTo = includesTo;
    }

    /// <summary>What is compared.</summary>
    public PropertyConditionKind Kind { get; }

    /// <summary>The value, the prefix, or the lower bound of a range; null when a range has none.</summary>
    public PropertyValue? From { get; }

    /// <summary>The upper bound of a range; null when it has none.</summary>
    public PropertyValue? To { get; }

    /// <summary>True when the lower bound itself is in the range.</summary>
    public bool IncludesFrom { get; }

    /// <summary>True when the upper bound itself is in the range.</summary>
    public bool IncludesTo { get; }

    /// <summary>The kind of values that can meet it.</summary>
    public PropertyKind ValueKind => (From ?? To)!.Value.Kind;

    /// <summary>The value is this one, bit by bit.</summary>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static PropertyCondition Exactly(PropertyValue value) => new(PropertyConditionKind.Exact, Checked(value), null, true, false);

    /// <summary>The value begins with this.</summary>
    /// <exception cref="ArgumentException">It is neither a text nor bytes.</exception>
    public static PropertyCondition StartsWith(PropertyValue prefix) => prefix.Kind is PropertyKind.Text or PropertyKind.Bytes
        ? new PropertyCondition(PropertyConditionKind.Prefix, prefix, null, true, false)
        : throw new ArgumentException($"A prefix is a text or bytes, not {prefix.Kind}.", nameof(prefix));

    /// <summary>The value is between these, of which one may be missing. By default the lower one is in the range, and the upper one is not.</summary>
    /// <exception cref="ArgumentException">Both are missing, or they are of different kinds.</exception>
    public static PropertyCondition Between(PropertyValue? from, PropertyValue? to, bool includesFrom = true, bool includesTo = false)
    {
        if (from is null && to is null)
        {
            throw new ArgumentException("A range has a lower or an upper bound.", nameof(from));
        }

        if (Checked(from ?? to!.Value).Kind != Checked(to ?? from!.Value).Kind)
        {
            throw new ArgumentException("The bounds of a range are of different kinds.", nameof(to));
        }

        // One range has one encoding.
        return new PropertyCondition(PropertyConditionKind.Range, from, to, includesFrom || from is null, includesTo && to is not null);
    }

    /// <summary>True when the value meets the condition.</summary>
    public bool IsMetBy(PropertyValue value)
    {
        if (value.Kind != ValueKind)
        {
            return false;
        }

        switch (Kind)
        {
            case PropertyConditionKind.Exact:
                return value == From;
            case PropertyConditionKind.Prefix:
                return value.Payload.StartsWith(From!.Value.Payload);
            default:
                int low = From is { } from ? PropertyOrder.Compare(value, from) : 1;
                int high = To is { } to ? PropertyOrder.Compare(value, to) : -1;
                return (low > 0 || (low == 0 && IncludesFrom)) && (high < 0 || (high == 0 && IncludesTo));
        }
    }

    internal static PropertyCondition Read(ref CanonicalReader reader)
    {
        PropertyConditionKind kind = (PropertyConditionKind)reader.ReadByte();
        if (kind is PropertyConditionKind.Exact or PropertyConditionKind.Prefix)
        {
            PropertyValue value = reader.ReadValue();
            if (kind == PropertyConditionKind.Prefix && value.Kind is not (PropertyKind.Text or PropertyKind.Bytes))
            {
                reader.Fail("a prefix is neither a text nor bytes");
            }

            return kind == PropertyConditionKind.Exact ? Exactly(value) : StartsWith(value);
        }

        if (kind != PropertyConditionKind.Range)
        {
            reader.Fail("a condition is of no known kind");
        }

        PropertyValue? from = reader.ReadOptionalValue();
        PropertyValue? to = reader.ReadOptionalValue();
        bool includesFrom = reader.ReadBoolean();
        bool includesTo = reader.ReadBoolean();
        if ((from ?? to) is not { } bound || (to ?? bound).Kind != bound.Kind || (from is null && !includesFrom) || (to is null && includesTo))
        {
            reader.Fail("a range has no bounds, bounds of different kinds, or says something about a bound that it does not have");
        }

        return Between(from, to, includesFrom, includesTo);
    }

    internal void Write(ref CanonicalWriter writer)
    {
        writer.WriteByte((byte)Kind);
        if (Kind != PropertyConditionKind.Range)
        {
            writer.WriteValue(From!.Value);
            return;
        }

        writer.WriteOptionalValue(From);
        writer.WriteOptionalValue(To);
        writer.WriteByte(IncludesFrom ? (byte)1 : (byte)0);
        writer.WriteByte(IncludesTo ? (byte)1 : (byte)0);
    }

    private static PropertyValue Checked(PropertyValue value) => value.Kind != PropertyKind.None
        ? value
        : throw new ArgumentException("The condition has no value.", nameof(value));
}
