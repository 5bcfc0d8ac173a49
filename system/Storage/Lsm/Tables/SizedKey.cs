namespace SimGraph.Storage.Lsm.Tables;

/// <summary>A key behind its length, as it stands in the blocks behind the data.</summary>
internal static class SizedKey
{
    public static void Write(OutputBuffer target, ReadOnlySpan<byte> key)
    {
        target.WriteVarint((uint)key.Length);
        target.Write(key);
    }

    /// <summary>A slice of the payload; false if none is there.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> payload, ref int position, out ReadOnlyMemory<byte> key)
    {
        key = default;
        if (!Varint.TryRead32(payload.Span, ref position, out uint length)
            || length > TableLimits.BoundBytesMax
            || length > (uint)(payload.Length - position))
        {
            return false;
        }

        key = payload.Slice(position, (int)length);
        position += (int)length;
        return true;
    }
}
