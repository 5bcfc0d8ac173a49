using System.Globalization;
using System.Text.Json;

namespace SimGraph.Storage.Graph;

/// <summary>Property values in JSON, without any loss: see docs/formats.md.</summary>
internal static class PropertyJson
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static void Write(Utf8JsonWriter writer, PropertyMap properties)
    {
        writer.WriteStartObject("properties");
        for (int i = 0; i < properties.Count; i++)
        {
            writer.WriteStartObject(properties.KeyAt(i));
            Write(writer, properties.ValueAt(i));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write(Utf8JsonWriter, PropertyMap)"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    /// <exception cref="ArgumentException">A name or value exceeds a limit.</exception>
    public static PropertyMap Read(JsonElement properties)
    {
        List<(string, PropertyValue)> read = [];
        foreach (JsonProperty property in properties.EnumerateObject())
        {
            read.Add((property.Name, ReadValue(property.Value)));
        }

        return PropertyMap.Of([.. read]);
    }

    private static void Write(Utf8JsonWriter writer, PropertyValue value)
    {
        switch (value.Kind)
        {
            case PropertyKind.Text:
                writer.WriteString("text", value.Payload);
                break;
            case PropertyKind.Int64:
                writer.WriteNumber("int64", value.Bits);
                break;
            case PropertyKind.Float64:
                writer.WritePropertyName("float64");
                WriteNumber(writer, value.AsFloat64());
                break;
            case PropertyKind.Boolean:
                writer.WriteBoolean("boolean", value.AsBoolean());
                break;
            case PropertyKind.Bytes:
                writer.WriteBase64String("bytes", value.Payload);
                break;
            case PropertyKind.Timestamp:
                writer.WriteString("timestamp", value.AsTimestamp().ToString(TimeFormat, CultureInfo.InvariantCulture));
                break;
            default:
                WriteArray(writer, value);
                break;
        }
    }

    private static void WriteArray(Utf8JsonWriter writer, PropertyValue value)
    {
        writer.WriteStartArray(value.Kind switch
        {
            PropertyKind.Vector => "vector",
            PropertyKind.TextArray => "texts",
            PropertyKind.Int64Array => "int64s",
            PropertyKind.Float64Array => "float64s",
            _ => "booleans",
        });
        switch (value.Kind)
        {
            case PropertyKind.Vector:
                foreach (float number in value.AsVector())
                {
                    WriteNumber(writer, number);
                }

                break;
            case PropertyKind.TextArray:
                foreach (string text in value.AsTextArray())
                {
                    writer.WriteStringValue(text);
                }

                break;
            case PropertyKind.Int64Array:
                foreach (long number in value.AsInt64Array())
                {
                    writer.WriteNumberValue(number);
                }

                break;
            case PropertyKind.Float64Array:
                foreach (double number in value.AsFloat64Array())
                {
                    WriteNumber(writer, number);
                }

                break;
            default:
                foreach (bool truth in value.AsBooleanArray())
                {
                    writer.WriteBooleanValue(truth);
                }

                break;
        }

        writer.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter writer, double number)
    {
        if (double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"0x{BitConverter.DoubleToUInt64Bits(number):x16}"));
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, float number)
    {
        if (float.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"0x{BitConverter.SingleToUInt32Bits(number):x8}"));
        }
    }

    private static PropertyValue ReadValue(JsonElement value)
    {
        JsonElement.ObjectEnumerator members = value.EnumerateObject();
        if (!members.MoveNext())
        {
            throw new FormatException("a value has no kind");
        }

        string kind = members.Current.Name;
        JsonElement content = members.Current.Value;
        if (members.MoveNext())
        {
            throw new FormatException("a value has two kinds");
        }

        return kind switch
        {
            "text" => PropertyValue.From(Text(content)),
            "int64" => PropertyValue.From(content.GetInt64()),
            "float64" => PropertyValue.From(Double(content)),
            "boolean" => PropertyValue.From(content.GetBoolean()),
            "bytes" => PropertyValue.FromBytes(content.GetBytesFromBase64()),
            "timestamp" => PropertyValue.From(
                DateTimeOffset.ParseExact(Text(content), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)),
            "vector" => PropertyValue.FromVector([.. content.EnumerateArray().Select(Single)]),
            "texts" => PropertyValue.FromArray([.. content.EnumerateArray().Select(Text)]),
            "int64s" => PropertyValue.FromArray([.. content.EnumerateArray().Select(static number => number.GetInt64())]),
            "float64s" => PropertyValue.FromArray([.. content.EnumerateArray().Select(Double)]),
            "booleans" => PropertyValue.FromArray([.. content.EnumerateArray().Select(static truth => truth.GetBoolean())]),
            _ => throw new FormatException($"a value is of the unknown kind '{kind}'"),
        };
    }

    private static string Text(JsonElement text) => text.GetString() ?? throw new FormatException("a text is null");

    private static double Double(JsonElement number) => number.ValueKind == JsonValueKind.String
        ? BitConverter.UInt64BitsToDouble(ulong.Parse(Bits(number, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
        : number.GetDouble();

    private static float Single(JsonElement number) => number.ValueKind == JsonValueKind.String
        ? BitConverter.UInt32BitsToSingle(uint.Parse(Bits(number, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
        : number.GetSingle();

    private static string Bits(JsonElement number, int digits)
    {
        string text = Text(number);
        return text.Length == digits + 2 && text.StartsWith("0x", StringComparison.Ordinal)
            ? text[2..]
            : throw new FormatException($"'{text}' is neither a number nor the bits of one");
    }
}
