using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace SimGraph.Storage.Graph;

/// <summary>Texts as payload bytes: one text is its UTF-8, an array is (length u32, UTF-8) for each.</summary>
internal static class EncodedText
{
    public static byte[] Encode(string text)
    {
        try
        {
            return GraphLimits.StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException("The text is not well-formed Unicode.", nameof(text), exception);
        }
    }

    public static byte[] EncodeAll(ReadOnlySpan<string> texts)
    {
        byte[][] parts = new byte[texts.Length][];
        long bytes = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            parts[i] = Encode(texts[i]);
            bytes += sizeof(int) + parts[i].Length;
        }

        if (bytes > GraphLimits.ValueBytesMax)
        {
            throw new ArgumentException($"The texts have {bytes} bytes, the limit is {GraphLimits.ValueBytesMax}: split them.", nameof(texts));
        }

        byte[] payload = new byte[bytes];
        Span<byte> rest = payload;
        foreach (byte[] part in parts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, part.Length);
            part.CopyTo(rest[sizeof(int)..]);
            rest = rest[(sizeof(int) + part.Length)..];
        }

        return payload;
    }

    /// <summary>Decodes a payload for which <see cref="IsArray"/> holds.</summary>
    public static string[] DecodeAll(ReadOnlySpan<byte> payload)
    {
        List<string> texts = [];
        while (!payload.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(payload);
            texts.Add(GraphLimits.StrictUtf8.GetString(payload.Slice(sizeof(int), length)));
            payload = payload[(sizeof(int) + length)..];
        }

        return [.. texts];
    }

    /// <summary>True when the payload is a well-formed array of texts.</summary>
    public static bool IsArray(ReadOnlySpan<byte> payload)
    {
        while (!payload.IsEmpty)
        {
            if (payload.Length < sizeof(int))
            {
                return false;
            }

            uint length = BinaryPrimitives.ReadUInt32LittleEndian(payload);
            payload = payload[sizeof(int)..];
            if (length > (uint)payload.Length || !Utf8.IsValid(payload[..(int)length]))
            {
                return false;
            }

            payload = payload[(int)length..];
        }

        return true;
    }
}
