namespace SimGraph.Soak.Mutants;

/// <summary>The working tree that the command is run in.</summary>
internal sealed record Checkout(string Root)
{
    private const string Mark = "SimGraph.sln";
    private static readonly TimeSpan ListLimit = TimeSpan.FromMinutes(1);

    public string PlantedFolder => PlantedFolderIn(Root);

    /// <summary>Looks in a folder and above it.</summary>
    /// <exception cref="UsageException">It is not in a checkout.</exception>
    public static Checkout Find(string start) =>
        TryFind(start) ?? throw new UsageException($"this needs a checkout of SimGraph: there is no {Mark} in {start} or above it");

    /// <summary>As above; null when there is none.</summary>
    public static Checkout? TryFind(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Mark)))
            {
                return new Checkout(folder.FullName);
            }
        }

        return null;
    }

    public static string PlantedFolderIn(string root) => Path.Combine(root, "properties", "planted");

    /// <summary>Paths of what git tracks and of what is new and not ignored, relative to the root.</summary>
    /// <exception cref="UsageException">Git is missing or does not know this folder.</exception>
    public async Task<IReadOnlyList<string>> FilesAsync(CancellationToken cancellation)
    {
        ChildResult listed = await ChildProcess.RunAsync(
            new ChildCommand("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], Root, ListLimit), cancellation);
        return listed.Succeeded
            ? string.Join('\n', listed.Out).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            : throw new UsageException($"the files of {Root} cannot be listed: {listed.Explanation}");
    }
}
