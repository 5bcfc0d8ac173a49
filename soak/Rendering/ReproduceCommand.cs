using System.Globalization;

namespace SimGraph.Soak.Rendering;

/// <summary>The command that a person copies to bring a run back.</summary>
internal static class ReproduceCommand
{
    private const string Project = "soak";

    public static string For(string scenario, string profile, ulong seed) =>
        string.Create(CultureInfo.InvariantCulture, $"{Invocation()} repro {seed} --scenario {scenario} --profile {profile}");

    /// <summary>For a recorded run.</summary>
    public static string For(string artifactPath) => $"{Invocation()} repro {artifactPath}";

    /// <summary>To make a recorded run small.</summary>
    public static string Shrink(string artifactPath) => $"{Invocation()} shrink {artifactPath}";

    /// <summary>How this process was likely called: through the project from a checkout, or as a program.</summary>
    private static string Invocation()
    {
        string folder = AppContext.BaseDirectory;
        string checkout = Path.Combine(Environment.CurrentDirectory, Project);
        if (folder.StartsWith(checkout + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(Path.Combine(checkout, "SimGraph.Soak.csproj")))
        {
            string configuration = folder.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "-c Release " : string.Empty;
            return $"dotnet run {configuration}--project {Project} --";
        }

        string process = Path.GetFileNameWithoutExtension(Environment.ProcessPath ?? string.Empty);
        return process switch
        {
            "simgraph" => Environment.ProcessPath!,
            "dotnet" => $"dotnet {Path.Combine(folder, "simgraph.dll")}",
            _ => "simgraph",
        };
    }
}
