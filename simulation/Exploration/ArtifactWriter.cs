using System.Text;

namespace SimGraph.Simulation.Exploration;

/// <summary>Writes the parts of an artifact's body.</summary>
internal sealed class ArtifactWriter(Stream stream)
{
    public void Number(ulong value)
    {
        while (value >= 0x80)
        {
            stream.WriteByte((byte)(value | 0x80));
            value >>= 7;
        }

        stream.WriteByte((byte)value);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Number((ulong)bytes.Length);
        stream.Write(bytes);
    }

    public void Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));
}
