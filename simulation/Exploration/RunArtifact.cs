// The artifact of a run: all that is needed to replay it exactly, choice by choice, and to tell whether the replay is the same run. One file. Its layout is in
// ArtifactCodec; this file is about files: where it is, how it is replaced at once, and what is said when it cannot be read.

using System.Collections.Immutable;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration.Shrinking;
using SimGraph.Simulation.Kernel;
using SimGraph.Simulation.Trace;

namespace SimGraph.Simulation.Exploration;

/// <summary>A recorded run.</summary>
public sealed record RunArtifact
{
    /// <summary>Ending of the file names.</summary>
    public const string Extension = ".simgraph";

    /// <summary>A larger file is refused.</summary>
    public const long FileBytesMax = 1L << 30;

    /// <summary>Name of the scenario.</summary>
    public required string Scenario { get; init; }

    /// <summary>Name of the profile.</summary>
    public required string Profile { get; init; }

    /// <summary>The seed from which the choices were drawn.</summary>
    public required ulong Seed { get; init; }

    /// <summary>What was drawn for the run, for reading.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Options { get; init; }

    /// <summary>The code that ran.</summary>
    public required BuildIdentity Build { get; init; }

    /// <summary>What did not hold; null when all did.</summary>
    public required Violation? Violation { get; init; }

    /// <summary>The run's hash.</summary>
    public required ulong Hash { get; init; }

    /// <summary>The run's steps.</summary>
    public required long Steps { get; init; }

    /// <summary>Hashes on the way.</summary>
    public required IReadOnlyList<HashCheckpoint> Checkpoints { get; init; }

    /// <summary>The plan that the run was given (<see cref="PlanText"/>); null when it drew its own.</summary>
    public string? Plan { get; init; }

    /// <summary>Sites of choices that were fixed for the run, and how; what they answered is among the choices.</summary>
    public ImmutableSortedDictionary<string, FixedAnswer> Fixed { get; init; } = ImmutableSortedDictionary.Create<string, FixedAnswer>(StringComparer.Ordinal);

    /// <summary>Every choice of the run.</summary>
    public required ChoiceRecording Choices { get; init; }

    /// <summary>What became of the seed's run, such as <c>shrunk</c>, as a part of the name under which it is kept; null when it is the seed's own. Not stored.</summary>
    public string? Variant { get; init; }

    /// <summary>The name under which it is kept.</summary>
    public string FileName => $"{Scenario}-{Profile}-{Seed}{(Variant is null ? string.Empty : $"-{Variant}")}{Extension}";

    /// <summary>Writes it into a folder, which is created if need be; replaces an older one of the same run at once.</summary>
    /// <returns>The path of the file.</returns>
    /// <exception cref="ArtifactException">It cannot be written.</exception>
    public string Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.Combine(folder, FileName);
        byte[] bytes = ArtifactCodec.Encode(this);
        try
        {
            Directory.CreateDirectory(folder);
            string temporary = $"{path}.tmp";
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
            return path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ArtifactException($"{path}: cannot be written: {OneLine(exception)}", exception);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ArtifactException">There is none, it is no artifact, it is of a newer version, or it is damaged.</exception>
    public static RunArtifact Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Decode(ReadFile(path), path);
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="bytes">All of them.</param>
    /// <param name="name">What to call the file in an error.</param>
    /// <exception cref="ArtifactException">They are no artifact, of a newer version, or damaged.</exception>
    public static RunArtifact Decode(byte[] bytes, string name)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        try
        {
            return ArtifactCodec.Decode(bytes);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidOperationException or InvalidDataException)
        {
            throw new ArtifactException($"{name}: {OneLine(exception)}", exception);
        }
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= FileBytesMax
                ? File.ReadAllBytes(path)
                : throw new ArtifactException($"{path}: {length} bytes; an artifact has at most {FileBytesMax}");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ArtifactException($"{path}: there is no such file", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ArtifactException($"{path}: cannot be read: {OneLine(exception)}", exception);
        }
    }

    private static string OneLine(Exception exception) => exception.Message.ReplaceLineEndings(" ");
}
