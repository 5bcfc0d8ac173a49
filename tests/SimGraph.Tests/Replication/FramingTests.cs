using System.Buffers.Binary;
using SimGraph.Replication.Wire;
using Xunit;

namespace SimGraph.Tests.Replication;

public sealed class FramingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(1_000_000)]
    public async Task Frames_come_out_as_they_went_in_however_the_stream_is_cut(int pieceLength)
    {
        int[] lengths = [0, 1, 5, 300, 4096, 70_000, 3, 0];
        var writer = new FrameWriter();
        foreach (int length in lengths)
        {
            writer.Write(new SnapshotChunk(Bytes(length)));
        }

        Assert.Equal(lengths.Length, writer.Frames);
        var reader = new FrameReader(new ScriptedConnection(writer.Written.ToArray(), () => pieceLength), 70_000);
        foreach (int length in lengths)
        {
            Assert.Equal(Bytes(length), await ReadAsync(reader));
        }

        Assert.Null(await ReadAsync(reader));
    }

    [Fact]
    public async Task A_length_above_the_limit_is_refused_before_anything_is_allocated_for_it()
    {
        byte[] stream = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(stream, uint.MaxValue);
        var reader = new FrameReader(new ScriptedConnection(stream, () => 4), 1024);
        ProtocolException refused = await Assert.ThrowsAsync<ProtocolException>(() => ReadAsync(reader));
        Assert.Contains("4294967295 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_ends_inside_a_frame_is_an_error_and_not_an_end()
    {
        byte[] frame = Frame(Bytes(20));
        for (int length = 1; length < frame.Length; length++)
        {
            var reader = new FrameReader(new ScriptedConnection(frame[..length], () => 5), 1024);
            await Assert.ThrowsAsync<ProtocolException>(() => ReadAsync(reader));
        }
    }

    [Fact]
    public async Task Every_single_flipped_bit_is_noticed()
    {
        byte[] frame = Frame(Bytes(30));
        for (int bit = 0; bit < frame.Length * 8; bit++)
        {
            byte[] damaged = (byte[])frame.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            var reader = new FrameReader(new ScriptedConnection(damaged, () => 1000), 1024);
            await Assert.ThrowsAsync<ProtocolException>(() => ReadAsync(reader));
        }
    }

    [Fact]
    public async Task Garbage_costs_a_protocol_error_and_nothing_else()
    {
        var random = new Random(20260101);
        for (int round = 0; round < 500; round++)
        {
            byte[] garbage = new byte[random.Next(1, 200)];
            random.NextBytes(garbage);
            var reader = new FrameReader(new ScriptedConnection(garbage, () => random.Next(1, 50)), 64);
            await Assert.ThrowsAsync<ProtocolException>(() => ReadAsync(reader));
        }
    }

    private static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)(i * 31);
        }

        return bytes;
    }

    private static byte[] Frame(byte[] payload)
    {
        var writer = new FrameWriter();
        writer.Write(new SnapshotChunk(payload));
        return writer.Written.ToArray();
    }

    // Null at the end of the stream.
    private static async Task<byte[]?> ReadAsync(FrameReader reader)
    {
        while (true)
        {
            if (reader.TryRead(out FrameKind kind, out ReadOnlyMemory<byte> payload))
            {
                Assert.Equal(FrameKind.SnapshotChunk, kind);
                return payload.ToArray();
            }

            if (!await reader.FillAsync(CancellationToken.None))
            {
                return null;
            }
        }
    }
}
