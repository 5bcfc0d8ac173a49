// What is planted, and what is expected to find it. The rows are data beside the patches (docs/decisions/0004): who adds a patch says there how it is found.

using System.Text.Json;
using SimGraph.Soak.Commands;

namespace SimGraph.Soak.Mutants;

/// <summary>The rows of <c>index.json</c> in a folder of patches, in their order; each has its patch, and each patch has its row.</summary>
internal sealed class PlantedIndex
{
    public const string FileName = "index.json";
    public const string PatchEnding = ".patch";

    private PlantedIndex(IReadOnlyList<PlantedDefect> defects) => Defects = defects;

    public IReadOnlyList<PlantedDefect> Defects { get; }

    /// <exception cref="UsageException">The index is missing or damaged, or it and the patches do not belong together.</exception>
    public static PlantedIndex Load(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            PlantedDefect[] defects = JsonSerializer.Deserialize(File.ReadAllText(path), SoakJson.Default.PlantedDefectArray) ?? [];
            string[] patches = [.. Directory.EnumerateFiles(folder, $"*{PatchEnding}").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];
            string? mistake = MistakeIn(defects, patches);
            return mistake is null ? new PlantedIndex(defects) : throw new UsageException($"{path}: {mistake}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"the planted defects cannot be read: {exception.Message} ({path})");
        }
    }

    /// <summary>The defects of these names: an id (all its patches), or the name of a patch. All of them when none is named.</summary>
    /// <exception cref="UsageException">There is no such defect.</exception>
    public IReadOnlyList<PlantedDefect> Select(IReadOnlyList<string> names)
    {
        string? unknown = names.FirstOrDefault(name => !Defects.Any(defect => IsCalled(defect, name)));
        return unknown is not null
            ? throw new UsageException($"--only: there is no planted defect '{unknown}'; `simgraph mutants --list` lists them")
            : [.. Defects.Where(defect => names.Count == 0 || names.Any(name => IsCalled(defect, name)))];
    }

    private static bool IsCalled(PlantedDefect defect, string name) =>
        string.Equals(defect.Id, name, StringComparison.OrdinalIgnoreCase) || string.Equals(defect.Patch, name, StringComparison.OrdinalIgnoreCase);

    private static string? MistakeIn(PlantedDefect[] defects, string[] patches)
    {
        foreach (PlantedDefect defect in defects)
        {
            if (string.IsNullOrWhiteSpace(defect.Title))
            {
                return $"'{defect.Patch}' has no title";
            }

            if (defect.Scenarios.Count > 0 == defect.Test is not null)
            {
                return $"'{defect.Patch}' needs either scenarios that explore it or the test that fails";
            }
        }

        string[] rows = [.. defects.Select(defect => defect.Patch)];
        string? twice = rows.GroupBy(row => row, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is not null ? $"'{twice}' has two rows"
            : rows.Except(patches, StringComparer.Ordinal).FirstOrDefault() is { } lost ? $"'{lost}' has a row and no patch"
            : patches.Except(rows, StringComparer.Ordinal).FirstOrDefault() is { } unlisted ? $"'{unlisted}{PatchEnding}' has no row"
            : null;
    }
}
