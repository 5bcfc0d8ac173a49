using System.Globalization;
using System.Reflection;
using SimGraph.RewriteCheck;
using Xunit;

namespace SimGraph.Tests.Coyote;

/// <summary>What breaks under Coyote's rewriting is an error of the build, at its line; what does not is let through.</summary>
public sealed class RewriteCheckTests
{
    private static readonly string Assembly = typeof(RefusedExamples).Assembly.Location;
    private static readonly Finding[] Found = [.. new AssemblyReview(["SimGraph.Tests", "SimGraph.Runtime"], []).Review(Assembly)];

    public static TheoryData<string> Refused => [.. MethodsOf(typeof(RefusedExamples))];

    public static TheoryData<string> Forms => [.. RefusedForms.All.Select(static form => form.Name).Distinct()];

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_refused_form_is_found_at_its_line(string method)
    {
        Finding finding = Found.First(finding => finding.Method == $"{nameof(RefusedExamples)}.{method}");
        Assert.EndsWith("RefusedExamples.cs", finding.File, StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(RepositoryFiles.Find("tests", "SimGraph.Tests", "Coyote", "RefusedExamples.cs"));
        int declared = Array.FindIndex(lines, line => line.Contains($" {method}(", StringComparison.Ordinal) || line.Contains($" {method}<", StringComparison.Ordinal)) + 1;
        Assert.InRange(finding.Line, declared, declared + 5);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_refused_form_has_an_example(string form) =>
        Assert.Contains(Found, finding => finding.Form.Name == form && finding.Method.StartsWith(nameof(RefusedExamples), StringComparison.Ordinal));

    [Fact]
    public void What_resembles_them_is_let_through() =>
        Assert.DoesNotContain(Found, static finding => finding.Method.StartsWith(nameof(AllowedExamples), StringComparison.Ordinal));

    [Fact]
    public void A_value_task_of_a_rewritten_assembly_may_be_passed_on()
    {
        // The same code, when the assembly that it calls is rewritten too.
        string called = typeof(Stream).Assembly.GetName().Name!;
        string[] names = ["SimGraph.Tests", called, "System.Runtime"];
        Finding[] found = [.. new AssemblyReview(names, []).Review(Assembly)];
        Assert.Contains(Found, static finding => finding.Method.EndsWith(".ForwardedValueTask", StringComparison.Ordinal));
        Assert.DoesNotContain(found, static finding => finding.Method.EndsWith(".ForwardedValueTask", StringComparison.Ordinal));
    }

    [Fact]
    public void The_build_gets_errors_as_compilers_write_them()
    {
        using var output = new StringWriter();
        Assert.Equal(1, RewriteCheckProgram.Run([Assembly], output));
        string line = output.ToString().Split('\n').First(static line => line.Contains("RefusedExamples.LockObject", StringComparison.Ordinal));
        Assert.Matches(@"^\S.*RefusedExamples\.cs\(\d+,\d+\): error FINE002: RefusedExamples\.LockObject: System\.Threading\.Lock is refused", line);
    }

    [Fact]
    public void A_namespace_is_left_out_on_request()
    {
        using var output = new StringWriter();
        Assert.Equal(0, RewriteCheckProgram.Run([Assembly, "--except=SimGraph"], output));
        Assert.Equal(string.Empty, output.ToString());
    }

    [Fact]
    public void An_assembly_that_is_not_there_is_an_error()
    {
        using var output = new StringWriter();
        Assert.Equal(2, RewriteCheckProgram.Run([Assembly + ".gone"], output));
        Assert.Contains("error FINE000", output.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> MethodsOf(Type type) => type
        .GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        .Where(static method => method.IsAssembly)
        .Select(static method => method.Name);
}
