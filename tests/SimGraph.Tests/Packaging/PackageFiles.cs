using System.Xml.Linq;

namespace SimGraph.Tests.Packaging;

/// <summary>What the packages are made of.</summary>
internal static class PackageFiles
{
    public static string Sample { get; } = RepositoryFiles.Find("simulation", "samples", "LockService");

    public static string Version { get; } =
        XDocument.Load(RepositoryFiles.Find("Directory.Build.props")).Descendants("Version").Single().Value;
}
