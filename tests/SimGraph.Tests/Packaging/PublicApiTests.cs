// What a package shows is a promise to people whom nobody here knows. So it is kept as a text: a change of it is seen in review and never happens by the way.

using System.Reflection;
using PublicApiGenerator;
using Xunit;

namespace SimGraph.Tests.Packaging;

/// <summary>The public API of each package is that of its PublicApi.txt. With UPDATE_GOLDEN=1 in the environment the files are written anew.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("SimGraph.Runtime", "system/Runtime")]
    [InlineData("SimGraph.Simulation", "simulation")]
    public void The_public_api_is_the_one_that_was_accepted(string package, string folder)
    {
        string actual = Assembly.Load(package).GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n").Trim() + "\n";
        string file = Path.Join(RepositoryFiles.Find(folder.Split('/')), "PublicApi.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, actual);
        }

        string accepted = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : string.Empty;
        Assert.True(actual == accepted, Explain(package, $"{folder}/PublicApi.txt", accepted, actual));
    }

    [Fact]
    public void A_difference_is_told_with_the_type_that_it_is_in()
    {
        const string Accepted = "namespace N\n{\n    public class A\n    {\n        public int Old { get; }\n    }\n    public class B\n    {\n    }\n}\n";
        string told = Explain("P", "F", Accepted, Accepted.Replace("int Old", "long Old", StringComparison.Ordinal));
        Assert.Contains("- public class A: public int Old { get; }\n+ public class A: public long Old { get; }\n", told, StringComparison.Ordinal);
        Assert.DoesNotContain("class B", told, StringComparison.Ordinal);
    }

    private static string Explain(string package, string file, string accepted, string actual)
    {
        List<string> before = Members(accepted);
        List<string> after = Members(actual);
        IEnumerable<string> removed = before.Except(after).Select(member => $"- {member}\n");
        IEnumerable<string> added = after.Except(before).Select(member => $"+ {member}\n");
        return $"The public API of {package} is not that of {file}:\n{string.Concat(removed.Concat(added))}"
            + "Is it meant? What is gone or changed breaks programs that use the package. To accept it, run this test with UPDATE_GOLDEN=1 and commit the file.";
    }

    /// <summary>Each line with the type before it.</summary>
    private static List<string> Members(string api)
    {
        const string TypeIndent = "    ";
        const string MemberIndent = "        ";
        string type = string.Empty;
        var members = new List<string>();
        foreach (string line in api.Split('\n').Where(line => line.Trim() is not ("" or "{" or "}")))
        {
            bool isMember = line.StartsWith(MemberIndent, StringComparison.Ordinal);
            type = isMember ? type : line.StartsWith(TypeIndent, StringComparison.Ordinal) ? line.Trim() : string.Empty;
            members.Add(isMember ? $"{type}: {line.Trim()}" : line.Trim());
        }

        return members;
    }
}
