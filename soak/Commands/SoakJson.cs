using System.Text.Json.Serialization;
using SimGraph.Soak.Mutants;

namespace SimGraph.Soak.Commands;

/// <summary>How the files of the command line are written and read.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunSummary))]
[JsonSerializable(typeof(ShrinkSummary))]
[JsonSerializable(typeof(PlantedDefect[]))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class SoakJson : JsonSerializerContext;
