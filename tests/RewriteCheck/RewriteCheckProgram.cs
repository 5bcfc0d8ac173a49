namespace SimGraph.RewriteCheck;

/// <summary>The command line: the assemblies, and namespaces that are left out.</summary>
internal static class RewriteCheckProgram
{
    private const string Except = "--except=";

    /// <summary>Writes what is refused. 0: nothing; 1: something; 2: cannot say.</summary>
    internal static int Run(IReadOnlyList<string> arguments, TextWriter output)
    {
        string[] assemblies = [.. arguments.Where(static argument => !argument.StartsWith(Except, StringComparison.Ordinal))];
        string[] except = [.. arguments.Where(static argument => argument.StartsWith(Except, StringComparison.Ordinal)).Select(static argument => argument[Except.Length..])];
        if (assemblies.Length == 0 || !assemblies.All(File.Exists))
        {
            output.WriteLine($"SimGraph.RewriteCheck: error FINE000: usage: SimGraph.RewriteCheck ASSEMBLY... [{Except}NAMESPACE]...; every assembly must exist: {string.Join(' ', arguments)}");
            return 2;
        }

        var review = new AssemblyReview(assemblies.Select(static path => Path.GetFileNameWithoutExtension(path)), except);
        Finding[] findings = [.. assemblies.SelectMany(review.Review)];
        foreach (Finding finding in findings)
        {
            output.WriteLine(finding);
        }

        return findings.Length == 0 ? 0 : 1;
    }
}
