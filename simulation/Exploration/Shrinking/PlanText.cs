using System.Text.Json;
using System.Text.Json.Serialization;

namespace SimGraph.Simulation.Exploration.Shrinking;

/// <summary>Plans as JSON, for artifacts.</summary>
public static class PlanText
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new JsonStringEnumConverter() }, RespectRequiredConstructorParameters = true };

    /// <summary>Writes a plan.</summary>
    public static string Write(object plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return JsonSerializer.Serialize(plan, plan.GetType(), Options);
    }

    /// <summary>Reads a plan.</summary>
    /// <exception cref="FormatException">It is not one of this type.</exception>
    public static object Read(string text, Type type)
    {
        try
        {
            return JsonSerializer.Deserialize(text, type, Options) ?? throw new FormatException("there is no plan in it");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new FormatException($"its plan is not one of this build ({type.Name}): {exception.Message}", exception);
        }
    }
}
