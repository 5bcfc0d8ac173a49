namespace SimGraph.Tests.Storage.Lsm;

/// <summary>Where files that earlier programs wrote are kept.</summary>
internal static class Golden
{
    public static string Folder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "tests", "SimGraph.Tests", "Storage", "golden");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException("tests/SimGraph.Tests/Storage/golden was not found above the test's folder; run the tests inside the repository.");
    }
}
