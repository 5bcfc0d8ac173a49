namespace SimGraph.Properties.Storage.Trees;

/// <summary>A value by its recipe, so that models stay small.</summary>
/// <param name="Seed">Tells values apart.</param>
/// <param name="Size">Length.</param>
internal readonly record struct TreeValue(ulong Seed, int Size)
{
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        for (int i = 0; i < Size; i++)
        {
            bytes[i] = At(i);
        }

        return bytes;
    }

    public bool IsSame(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            return false;
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != At(i))
            {
                return false;
            }
        }

        return true;
    }

    // Half of it compresses.
    private byte At(int i) => i % 32 < 16 ? (byte)(Seed + (ulong)(i / 32)) : (byte)((Seed * 37) + ((ulong)i * 101) + ((ulong)i * Seed >> 3));
}
