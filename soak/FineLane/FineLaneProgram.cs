using SimGraph.Soak.Mutants;

namespace SimGraph.Soak.FineLane;

/// <summary>A rewritten test program of the checkout.</summary>
/// <param name="Name">Of the program, which is that of its assembly.</param>
/// <param name="Configuration">Debug or Release.</param>
/// <param name="Folder">Of its project.</param>
internal sealed record FineLaneProgram(string Name, string Configuration, string Folder)
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(20);

    /// <exception cref="UsageException">This is no checkout, or it has no such program.</exception>
    public static FineLaneProgram Of(string name, string configuration)
    {
        Checkout checkout = Checkout.Find(Environment.CurrentDirectory);
        string[] projects = Directory.GetFiles(Path.Combine(checkout.Root, "tests"), $"{name}.csproj", SearchOption.AllDirectories);
        return projects.Length == 1
            ? new FineLaneProgram(name, configuration, Path.GetDirectoryName(projects[0])!)
            : throw new UsageException($"this checkout has no test program {name}: {checkout.Root}");
    }

    /// <summary>Builds and rewrites it, so that it is the code that is there now.</summary>
    /// <exception cref="UsageException">It does not build.</exception>
    public async Task BuildAsync(CancellationToken cancellation)
    {
        ChildResult built = await ChildProcess.RunAsync(
            new ChildCommand("dotnet", ["build", Folder, "-c", Configuration, "-v", "q", "-nologo", "-nodeReuse:false"], Folder, BuildLimit), cancellation);
        if (!built.Succeeded)
        {
            throw new UsageException($"{Folder} does not build: {built.Explanation}");
        }
    }

    /// <summary>The path of its assembly.</summary>
    /// <exception cref="UsageException">It is not built.</exception>
    public string Find()
    {
        string binaries = Path.Combine(Folder, "bin", Configuration);
        return (Directory.Exists(binaries) ? Directory.GetFiles(binaries, $"{Name}.dll", SearchOption.AllDirectories) : [])
            .FirstOrDefault(static file => Path.GetFileName(Path.GetDirectoryName(file))!.StartsWith("net", StringComparison.Ordinal))
            ?? throw new UsageException(
                $"the rewritten tests are not built: there is no {Name}.dll in {binaries}; run 'dotnet build {Path.GetRelativePath(Environment.CurrentDirectory, Folder)} -c {Configuration}' first");
    }
}
