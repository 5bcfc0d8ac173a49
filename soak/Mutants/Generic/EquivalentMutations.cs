using System.Text.Json;
using SimGraph.Soak.Commands;

namespace SimGraph.Soak.Mutants.Generic;

/// <summary>Mutations that change nothing that anybody can observe, each with the reason why: rows of <c>properties/planted/equivalent.json</c>, by id.</summary>
internal static class EquivalentMutations
{
    private const string FileName = "equivalent.json";

    /// <summary>Of a checkout; none outside of one.</summary>
    /// <exception cref="UsageException">The file is damaged.</exception>
    public static IReadOnlyDictionary<string, string> Load(string start)
    {
        string? folder = Checkout.TryFind(start)?.PlantedFolder;
        string path = Path.Combine(folder ?? string.Empty, FileName);
        if (folder is null || !File.Exists(path))
        {
            return new Dictionary<string, string>();
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), SoakJson.Default.SortedDictionaryStringString) ?? [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"{path}: {exception.Message}");
        }
    }
}
