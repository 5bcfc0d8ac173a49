namespace SimGraph.Storage.Lsm.Tables;

/// <summary>Unsigned LEB128 numbers, in their shortest form only.</summary>
internal static class Varint
{
    public const int BytesMax32 = 5;
    public const int BytesMax64 = 10;

    /// <summary>Writes a number; returns its length.</summary>
    public static int Write(Span<byte> target, ulong value)
    {
        int length = 0;
        while (value >= 0x80)
        {
            target[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[length++] = (byte)value;
        return length;
    }

    /// <summary>Reads a number and moves the position behind it; false if none is there.</summary>
    public static bool TryRead32(ReadOnlySpan<byte> source, ref int position, out uint value)
    {
        if ((uint)position < (uint)source.Length && (value = source[position]) < 0x80)
        {
            position++;
            return true;
        }

        bool read = TryRead64(source, ref position, out ulong wide) && wide <= uint.MaxValue;
        value = (uint)wide;
        return read;
    }

    /// <summary>Reads a number and moves the position behind it; false if none is there.</summary>
    public static bool TryRead64(ReadOnlySpan<byte> source, ref int position, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && (uint)position < (uint)source.Length; shift += 7)
        {
            byte part = source[position++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                // The tenth byte has room for one bit; a last byte of 0 would be a longer form of a shorter number.
                return (shift < 63 || part <= 1) && (part != 0 || shift == 0);
            }
        }

        return false;
    }
}
