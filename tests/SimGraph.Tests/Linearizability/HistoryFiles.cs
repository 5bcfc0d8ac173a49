using SimGraph.Properties.Linearizability;

namespace SimGraph.Tests.Linearizability;

/// <summary>The recorded histories beside these tests, and a model by its name.</summary>
internal static class HistoryFiles
{
    public static HistoryModel Model(string name) => HistoryModels.All.Single(model => model.Name == name);

    public static string Folder { get; } = RepositoryFiles.Find("tests", "SimGraph.Tests", "Linearizability", "Histories");

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Folder, file));

    public static HistoryReport Check(string model, params string[] lines) => Model(model).Check("test", lines, new CheckLimits());
}
