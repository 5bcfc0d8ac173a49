using System.Text.Json.Serialization;

namespace SimGraph.Soak.FineLane.Zoom;

/// <summary>How the lines of a file are written and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ZoomHead))]
[JsonSerializable(typeof(ZoomCall))]
internal sealed partial class ZoomJson : JsonSerializerContext;
