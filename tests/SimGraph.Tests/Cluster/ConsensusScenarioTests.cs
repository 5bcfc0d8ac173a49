// Runs scenarios/*.txt. With UPDATE_GOLDEN=1 in the environment the recorded output is rewritten instead of compared: read the difference before
// committing it.

using System.Text;
using Xunit;

namespace SimGraph.Tests.Cluster;

/// <summary>Scripted stories of small clusters, with all that each member does recorded.</summary>
public sealed class ConsensusScenarioTests
{
    private const string Separator = "----";

    public static TheoryData<string> Scenarios()
    {
        TheoryData<string> names = [];
        foreach (string path in Directory.GetFiles(RepositoryFiles.Find("tests", "SimGraph.Tests", "Cluster", "scenarios"), "*.txt").Order(StringComparer.Ordinal))
        {
            names.Add(Path.GetFileNameWithoutExtension(path));
        }

        return names;
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_scenario_goes_as_recorded(string name)
    {
        string path = Path.Combine(RepositoryFiles.Find("tests", "SimGraph.Tests", "Cluster", "scenarios"), name + ".txt");
        string recorded = File.ReadAllText(path).ReplaceLineEndings("\n");
        string actual = Replay(recorded);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual);
            return;
        }

        Assert.Equal(recorded, actual);
    }

    /// <summary>Blocks are separated by empty lines; lines that begin with # are comments and stay.</summary>
    private static string Replay(string recorded)
    {
        ConsensusScenario scenario = new();
        StringBuilder actual = new();
        foreach (string block in recorded.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            actual.Append(actual.Length > 0 ? "\n" : string.Empty);
            foreach (string line in block.Trim('\n').Split('\n'))
            {
                if (line == Separator)
                {
                    break;
                }

                actual.Append(line).Append('\n');
                if (!line.StartsWith('#'))
                {
                    actual.Append(Separator).Append('\n').Append(scenario.Run(line));
                    break;
                }
            }
        }

        return actual.ToString();
    }
}
