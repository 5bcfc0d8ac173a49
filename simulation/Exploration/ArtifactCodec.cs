// Layout of an artifact, little-endian: mark (8 bytes), version (4), body, XxHash128 over all before it (16). The mark has a byte above 127 and a line end, so that a
// transfer as text is noticed, as in PNG. Numbers in the body are varints (LEB128); texts are UTF-8 behind their length. The choices are two Brotli streams,
// values as varints and questions as 16-bit numbers: side by side each compresses better. The checksum is looked at before the body is, and every
// length is checked against what is there, so that a damaged file costs no more memory than its size.
//
// Version 2 has the layout of version 1 and says that the run's schedule was picked by a strategy (IChoiceSource.Picks); a run by priorities stays version 1. Version 3, by priorities too, has the plan that
// the run was given and the sites of choices that were fixed for it, behind the choices.

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using System.IO.Hashing;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Exploration;

internal static class ArtifactCodec
{
    public const uint Version = 3;
    private const uint PicksVersion = 2;
    private const uint PrioritiesVersion = 1;
    private const int ChecksumBytes = 16;
    private const int HeadBytes = 12;
    private const int ListMax = 65_536;
    private const int ChoicesMax = 200_000_000;

    private static ReadOnlySpan<byte> Mark => [0x89, (byte)'S', (byte)'I', (byte)'M', (byte)'G', (byte)'R', 0x0D, 0x0A];

    /// <exception cref="ArtifactException">The run is too long.</exception>
    public static byte[] Encode(RunArtifact artifact)
    {
        if (artifact.Choices.Count > ChoicesMax)
        {
            throw new ArtifactException($"{artifact.FileName}: {artifact.Choices.Count} choices are more than an artifact holds; replay the run by its seed");
        }

        using var stream = new MemoryStream();
        stream.Write(Mark);
        Span<byte> version = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(version, artifact.Plan is not null ? Version : artifact.Choices.Picks ? PicksVersion : PrioritiesVersion);
        stream.Write(version);
        var writer = new ArtifactWriter(stream);
        WriteBody(writer, artifact);
        byte[] body = stream.ToArray();
        return [.. body, .. XxHash128.Hash(body)];
    }

    /// <exception cref="FormatException">It is no artifact, newer, or damaged.</exception>
    public static RunArtifact Decode(byte[] bytes)
    {
        if (bytes.Length < HeadBytes + ChecksumBytes || !bytes.AsSpan().StartsWith(Mark))
        {
            throw new FormatException("not an artifact of simgraph");
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8));
        if (version > Version)
        {
            throw new FormatException($"an artifact of format {version}; this simgraph reads format {Version}: use the one that wrote it, or a newer one");
        }

        ReadOnlySpan<byte> covered = bytes.AsSpan(0, bytes.Length - ChecksumBytes);
        if (!XxHash128.Hash(covered).AsSpan().SequenceEqual(bytes.AsSpan(covered.Length)))
        {
            throw new FormatException("damaged: the checksum does not match; copy it again from where it was written");
        }

        var reader = new ArtifactReader(bytes.AsMemory(HeadBytes, covered.Length - HeadBytes));
        RunArtifact artifact = ReadBody(reader, picks: version == PicksVersion);
        if (version == Version)
        {
            artifact = artifact with
            {
                Plan = reader.Text(),
                Fixed = reader.List(ListMax, static reader => KeyValuePair.Create(reader.Text(), ReadAnswer(reader))).ToImmutableSortedDictionary(StringComparer.Ordinal),
            };
        }

        return reader.AtEnd ? artifact : throw new FormatException("damaged: there is more behind its end");
    }

    private static void WriteBody(ArtifactWriter writer, RunArtifact artifact)
    {
        writer.Text(artifact.Scenario);
        writer.Text(artifact.Profile);
        writer.Number(artifact.Seed);
        writer.Number(artifact.Hash);
        writer.Number((ulong)artifact.Steps);
        writer.Number((ulong)artifact.Options.Count);
        foreach ((string name, string value) in artifact.Options)
        {
            writer.Text(name);
            writer.Text(value);
        }

        writer.Number((ulong)artifact.Build.Modules.Count);
        foreach ((string name, Guid moduleVersion) in artifact.Build.Modules)
        {
            writer.Text(name);
            writer.Bytes(moduleVersion.ToByteArray());
        }

        writer.Number(artifact.Violation is null ? 0UL : 1UL);
        if (artifact.Violation is { } violation)
        {
            writer.Number((ulong)violation.Class);
            writer.Text(violation.Name);
            writer.Text(violation.Message);
            writer.Number((ulong)violation.Step);
            writer.Number((ulong)violation.At.Ticks);
        }

        writer.Number((ulong)artifact.Checkpoints.Count);
        foreach (HashCheckpoint checkpoint in artifact.Checkpoints)
        {
            writer.Number((ulong)checkpoint.Step);
            writer.Number(checkpoint.Hash);
        }

        WriteChoices(writer, artifact.Choices);
        if (artifact.Plan is not null)
        {
            writer.Text(artifact.Plan);
            writer.Number((ulong)artifact.Fixed.Count);
            foreach ((string site, FixedAnswer answer) in artifact.Fixed)
            {
                writer.Text(site);
                writer.Number((ulong)answer);
            }
        }
    }

    private static RunArtifact ReadBody(ArtifactReader reader, bool picks) => new()
    {
        Scenario = reader.Text(),
        Profile = reader.Text(),
        Seed = reader.Number(),
        Hash = reader.Number(),
        Steps = reader.Signed(),
        Options = reader.List(ListMax, static reader => new KeyValuePair<string, string>(reader.Text(), reader.Text())),
        Build = new BuildIdentity(reader.List(ListMax, static reader => new KeyValuePair<string, Guid>(reader.Text(), new Guid(reader.Bytes().Span)))),
        Violation = reader.Number() == 0 ? null : ReadViolation(reader),
        Checkpoints = reader.List(ListMax, static reader => new HashCheckpoint(reader.Signed(), reader.Number())),
        Choices = ReadChoices(reader, picks),
    };

    private static FixedAnswer ReadAnswer(ArtifactReader reader) => reader.Number() switch
    {
        (ulong)FixedAnswer.Least => FixedAnswer.Least,
        (ulong)FixedAnswer.Largest => FixedAnswer.Largest,
        ulong other => throw new FormatException($"damaged: a site of choices cannot be fixed in way {other}"),
    };

    private static Violation ReadViolation(ArtifactReader reader)
    {
        ulong violationClass = reader.Number();
        return violationClass <= int.MaxValue && Enum.IsDefined((ViolationClass)violationClass)
            ? new Violation((ViolationClass)violationClass, reader.Text(), reader.Text(), reader.Signed(), new TimeSpan(reader.Signed()))
            : throw new FormatException($"damaged: no class of violations has the number {violationClass}");
    }

    private static void WriteChoices(ArtifactWriter writer, ChoiceRecording choices)
    {
        using var values = new MemoryStream();
        using var questions = new MemoryStream();
        using (var packed = new BufferedStream(new BrotliStream(values, CompressionLevel.Fastest, leaveOpen: true), 1 << 16))
        {
            var valueWriter = new ArtifactWriter(packed);
            for (int i = 0; i < choices.Count; i++)
            {
                valueWriter.Number(choices.ValueAt(i));
            }
        }

        using (var packed = new BufferedStream(new BrotliStream(questions, CompressionLevel.Fastest, leaveOpen: true), 1 << 16))
        {
            for (int i = 0; i < choices.Count; i++)
            {
                ushort question = choices.QuestionAt(i);
                packed.WriteByte((byte)question);
                packed.WriteByte((byte)(question >> 8));
            }
        }

        writer.Number((ulong)choices.Count);
        writer.Bytes(values.GetBuffer().AsSpan(0, (int)values.Length));
        writer.Bytes(questions.GetBuffer().AsSpan(0, (int)questions.Length));
    }

    private static ChoiceRecording ReadChoices(ArtifactReader reader, bool picks)
    {
        ulong count = reader.Number();
        if (count > ChoicesMax)
        {
            throw new FormatException($"damaged: it claims {count} choices; the most is {ChoicesMax}");
        }

        using Stream values = Unpack(reader.Bytes());
        using Stream questions = Unpack(reader.Bytes());
        var choices = new ChoiceRecording { Picks = picks };
        for (ulong i = 0; i < count; i++)
        {
            choices.Add(ReadValue(values), (ushort)(ReadByte(questions) | (ReadByte(questions) << 8)));
        }

        return values.ReadByte() < 0 && questions.ReadByte() < 0 ? choices : throw new FormatException("damaged: there are more choices than it says");
    }

    private static BufferedStream Unpack(ReadOnlyMemory<byte> packed) =>
        new(new BrotliStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress), 1 << 16);

    private static uint ReadValue(Stream stream)
    {
        uint value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            int next = ReadByte(stream);
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("damaged: a choice is longer than 32 bits");
    }

    private static int ReadByte(Stream stream)
    {
        int next = stream.ReadByte();
        return next >= 0 ? next : throw new FormatException("damaged: there are fewer choices than it says");
    }
}
