using System.Text;

namespace SimGraph.Simulation.Exploration;

/// <summary>Reads the parts of an artifact's body. Nothing is allocated for a length that the rest of the file cannot fill.</summary>
internal sealed class ArtifactReader(ReadOnlyMemory<byte> body)
{
    private int _position;

    public bool AtEnd => _position == body.Length;

    /// <exception cref="FormatException">The body ends, or the number has more than 64 bits.</exception>
    public ulong Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (AtEnd)
            {
                throw new FormatException("damaged: it ends too early");
            }

            byte next = body.Span[_position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("damaged: a number is longer than 64 bits");
    }

    /// <exception cref="FormatException">As <see cref="Number"/>, or the number is too large.</exception>
    public long Signed()
    {
        ulong value = Number();
        return value <= long.MaxValue ? (long)value : throw new FormatException($"damaged: {value} is too large");
    }

    /// <exception cref="FormatException">The body ends.</exception>
    public ReadOnlyMemory<byte> Bytes()
    {
        ulong length = Number();
        if (length > (ulong)(body.Length - _position))
        {
            throw new FormatException("damaged: it ends too early");
        }

        ReadOnlyMemory<byte> bytes = body.Slice(_position, (int)length);
        _position += (int)length;
        return bytes;
    }

    /// <exception cref="FormatException">The body ends.</exception>
    public string Text() => Encoding.UTF8.GetString(Bytes().Span);

    /// <exception cref="FormatException">The body ends, or the list is too long.</exception>
    public IReadOnlyList<T> List<T>(int countMax, Func<ArtifactReader, T> read)
    {
        ulong count = Number();
        if (count > (ulong)countMax || count > (ulong)(body.Length - _position))
        {
            throw new FormatException($"damaged: a list claims {count} items");
        }

        var items = new List<T>((int)count);
        for (ulong i = 0; i < count; i++)
        {
            items.Add(read(this));
        }

        return items;
    }
}
