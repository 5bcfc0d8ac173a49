using Xunit;

namespace SimGraph.Tests.Packaging;

/// <summary>A newcomer types what the README shows, so it is code that is compiled: each block stands in a file of the sample, line for line.</summary>
public sealed class PackageReadmeTests
{
    [Fact]
    public void Code_in_the_README_is_code_of_the_sample()
    {
        string[] sources = [.. Directory.GetFiles(PackageFiles.Sample, "*.cs").Select(file => Normalized(File.ReadLines(file)))];
        string[] blocks = [.. Blocks(File.ReadAllLines(RepositoryFiles.Find("simulation", "README.md")))];
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(sources, source => source.Contains(block, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Blocks(string[] readme)
    {
        for (int i = 0; i < readme.Length; i++)
        {
            if (readme[i] == "```csharp")
            {
                yield return Normalized(readme.Skip(i + 1).TakeWhile(line => line != "```"));
            }
        }
    }

    /// <summary>Without indentation and empty lines.</summary>
    private static string Normalized(IEnumerable<string> lines) => string.Concat(lines.Select(line => line.Trim()).Where(line => line.Length > 0).Select(line => $"{line}\n"));
}
