using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace SimGraph.Storage.Graph;

/// <summary>Ids of nodes or edges in the order of the query, and whether there are more behind the last.</summary>
/// <param name="Elements">The ids.</param>
/// <param name="More">True when there are more.</param>
/// <param name="Next">For a <see cref="FindByProperty"/> with more: where to go on. Null otherwise.</param>
public sealed record ElementsAnswer(ImmutableArray<ElementId> Elements, bool More, PropertyPosition? Next = null) : GraphAnswer
{
    /// <inheritdoc/>
    public override AnswerKind Kind => AnswerKind.Elements;

    /// <inheritdoc/>
    public bool Equals(ElementsAnswer? other) =>
        other is not null && More == other.More && Next == other.Next && Elements.AsSpan().SequenceEqual(other.Elements.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Elements.Length;

    internal static ElementsAnswer ReadBody(ref CanonicalReader reader)
    {
        bool more = reader.ReadBoolean();
        PropertyPosition? next = reader.ReadBoolean() ? PropertyPosition.Read(ref reader) : null;
        int count = reader.ReadCount(sizeof(ulong));
        if (count > GraphLimits.ElementsPerAnswerMax)
        {
            reader.Fail("there are too many elements");
        }

        ElementId[] elements = new ElementId[count];
        for (int i = 0; i < count; i++)
        {
            elements[i] = reader.ReadId();
        }

        return new ElementsAnswer(ImmutableCollectionsMarshal.AsImmutableArray(elements), more, next);
    }

    internal override void WriteBody(ref CanonicalWriter writer)
    {
        writer.WriteByte(More ? (byte)1 : (byte)0);
        writer.WriteByte(Next is null ? (byte)0 : (byte)1);
        Next?.Write(ref writer);
        writer.WriteUInt32((uint)Elements.Length);
        foreach (ElementId element in Elements)
        {
            writer.WriteId(element);
        }
    }
}
