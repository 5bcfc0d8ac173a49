namespace SimGraph.Tests;

/// <summary>
/// Files of the checkout that tests read: golden files, recorded histories, documents. They are found from the build folder upwards, because the paths that the
/// compiler knows are mapped away in a continuous integration build.
/// </summary>
internal static class RepositoryFiles
{
    public static string Golden { get; } = Find("tests", "SimGraph.Tests", "Storage", "golden");

    public static string Find(params string[] path)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Join(folder.FullName, "SimGraph.sln")))
            {
                return Path.Join([folder.FullName, .. path]);
            }
        }

        throw new DirectoryNotFoundException($"SimGraph.sln was not found above {AppContext.BaseDirectory}; run the tests from the build folder of a checkout.");
    }
}
