using System.Buffers;

namespace SimGraph.Storage.Graph;

/// <summary>The answer to a <see cref="GraphQuery"/>; immutable. Encoded as: version u8, kind u8, body.</summary>
public abstract record GraphAnswer
{
    private const byte Version = 1;

    private protected GraphAnswer()
    {
    }

    /// <summary>Which answer it is.</summary>
    public abstract AnswerKind Kind { get; }

    /// <summary>Reads an answer.</summary>
    /// <exception cref="FormatException">The bytes are not the canonical encoding of one.</exception>
    public static GraphAnswer Decode(ReadOnlySpan<byte> source)
    {
        CanonicalReader reader = new(source, names: null);
        if (reader.ReadByte() != Version)
        {
            reader.Fail("the version of the answer is unknown");
        }

        GraphAnswer answer;
        switch ((AnswerKind)reader.ReadByte())
        {
            case AnswerKind.Node:
                answer = new NodeAnswer(reader.ReadBoolean() ? reader.ReadNode() : null);
                break;
            case AnswerKind.Edge:
                answer = new EdgeAnswer(reader.ReadBoolean() ? reader.ReadEdge() : null);
                break;
            case AnswerKind.Neighbours:
                answer = NeighboursAnswer.ReadBody(ref reader);
                break;
            case AnswerKind.Count:
                answer = new CountAnswer(reader.ReadInt64());
                break;
            case AnswerKind.Elements:
                answer = ElementsAnswer.ReadBody(ref reader);
                break;
            case AnswerKind.Failed:
                answer = FailedAnswer.ReadBody(ref reader);
                break;
            default:
                reader.Fail("the answer is of no known kind");
                return null!;
        }

        reader.Finish();
        return answer;
    }

    /// <summary>Writes the answer.</summary>
    public void Encode(IBufferWriter<byte> target)
    {
        CanonicalWriter writer = new(target);
        writer.WriteByte(Version);
        writer.WriteByte((byte)Kind);
        WriteBody(ref writer);
        writer.Complete();
    }

    internal abstract void WriteBody(ref CanonicalWriter writer);
}
