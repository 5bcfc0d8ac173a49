using System.Globalization;

namespace SimGraph.Storage.Graph;

/// <summary>What one operation of a command that was applied answers.</summary>
public readonly record struct OperationResult
{
    private readonly ulong _bits;

    private OperationResult(OperationResultKind kind, ulong bits)
    {
        Kind = kind;
        _bits = bits;
    }

    /// <summary>Which of the properties below counts.</summary>
    public OperationResultKind Kind { get; }

    /// <summary>The id of the created node or edge.</summary>
    public ElementId Element => Kind == OperationResultKind.Element ? new ElementId(_bits) : throw Wrong();

    /// <summary>The new value of an incremented property.</summary>
    public long Value => Kind == OperationResultKind.Value ? (long)_bits : throw Wrong();

    /// <summary>It happened, and answers nothing.</summary>
    public static OperationResult None => default;

    /// <summary>It created this.</summary>
    public static OperationResult OfElement(ElementId id) => new(OperationResultKind.Element, id.Value);

    /// <summary>It made the property this.</summary>
    public static OperationResult OfValue(long value) => new(OperationResultKind.Value, (ulong)value);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        OperationResultKind.Element => Element.ToString(),
        OperationResultKind.Value => Value.ToString(CultureInfo.InvariantCulture),
        _ => "done",
    };

    internal void Write(ref CanonicalWriter writer)
    {
        writer.WriteByte((byte)Kind);
        if (Kind != OperationResultKind.None)
        {
            writer.WriteUInt64(_bits);
        }
    }

    internal static OperationResult Read(ref CanonicalReader reader)
    {
        OperationResultKind kind = (OperationResultKind)reader.ReadByte();
        if (kind > OperationResultKind.Value)
        {
            reader.Fail("an operation's result is of no known kind");
        }

        return kind == OperationResultKind.None ? None : new OperationResult(kind, reader.ReadUInt64());
    }

    private InvalidOperationException Wrong() => new($"The operation's result is {Kind}: look at Kind first.");
}
