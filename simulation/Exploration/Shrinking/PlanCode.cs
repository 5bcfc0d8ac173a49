using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace SimGraph.Simulation.Exploration.Shrinking;

/// <summary>Writes a plan as the C# expression that makes it. What is at its default is left out.</summary>
internal sealed class PlanCode
{
    private const int IndentSize = 4;
    private readonly SortedSet<string> _namespaces = new(StringComparer.Ordinal);

    /// <summary>The namespaces of what was written.</summary>
    public IReadOnlyCollection<string> Namespaces => _namespaces;

    /// <summary>An expression, whose lines after the first are indented by this much at least.</summary>
    public string Write(object? value, int indent)
    {
        switch (value)
        {
            case null:
                return "null";
            case bool flag:
                return flag ? "true" : "false";
            case string text:
                return $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
            case TimeSpan time:
                return Time(time);
            case Enum member:
                _namespaces.Add(member.GetType().Namespace!);
                return $"{member.GetType().Name}.{member}";
            case ulong number:
                return string.Create(CultureInfo.InvariantCulture, $"{number}UL");
            case long number:
                return string.Create(CultureInfo.InvariantCulture, $"{number}L");
            case IFormattable number:
                return number.ToString(null, CultureInfo.InvariantCulture);
            case IList items:
                return List(items, indent);
            default:
                return Record(value, indent);
        }
    }

    private string Record(object record, int indent)
    {
        Type type = record.GetType();
        _namespaces.Add(type.Namespace!);
        return PlanRecords.IsMadeByInitializer(type) ? WithInitializer(record, PlanRecords.DefaultOf(type), indent) : WithArguments(record, indent);
    }

    private string WithInitializer(object record, object? plain, int indent)
    {
        string margin = new(' ', indent + IndentSize);
        var text = new StringBuilder();
        foreach (PropertyInfo property in PlanRecords.PropertiesOf(record.GetType()))
        {
            object? value = property.GetValue(record);
            object? usual = plain is null ? null : property.GetValue(plain);
            bool isEmpty = value is IList { Count: 0 } && usual is IList { Count: 0 };
            if (plain is null || (!isEmpty && !Equals(value, usual)))
            {
                string code = Write(value, indent + IndentSize);
                text.Append(CultureInfo.InvariantCulture, $"{margin}{property.Name} ={(code.StartsWith('\n') ? string.Empty : " ")}{code},\n");
            }
        }

        string end = new(' ', indent);
        return text.Length == 0 ? $"new {record.GetType().Name}()" : $"new {record.GetType().Name}\n{end}{{\n{text}{end}}}";
    }

    private string WithArguments(object record, int indent)
    {
        ConstructorInfo constructor = record.GetType().GetConstructors().MaxBy(static candidate => candidate.GetParameters().Length)!;
        IEnumerable<string> arguments = constructor.GetParameters().Select(parameter => Write(record.GetType().GetProperty(parameter.Name!)!.GetValue(record), indent));
        return $"new {record.GetType().Name}({string.Join(", ", arguments).Replace(" \n", "\n", StringComparison.Ordinal)})";
    }

    private string List(IList items, int indent)
    {
        if (items.Count == 0)
        {
            return "[]";
        }

        string margin = new(' ', indent + IndentSize);
        string end = new(' ', indent);
        return items[0] is { } first && PlanRecords.IsRecord(first.GetType())
            ? $"\n{end}[\n{string.Concat(items.Cast<object?>().Select(item => $"{margin}{Write(item, indent + IndentSize)},\n"))}{end}]"
            : $"[{string.Join(", ", items.Cast<object?>().Select(item => Write(item, indent)))}]";
    }

    private static string Time(TimeSpan time) => time.Ticks switch
    {
        0 => "TimeSpan.Zero",
        long ticks when ticks % TimeSpan.TicksPerSecond == 0 => string.Create(CultureInfo.InvariantCulture, $"TimeSpan.FromSeconds({ticks / TimeSpan.TicksPerSecond})"),
        long ticks when ticks % TimeSpan.TicksPerMillisecond == 0 => string.Create(CultureInfo.InvariantCulture, $"TimeSpan.FromMilliseconds({ticks / TimeSpan.TicksPerMillisecond})"),
        long ticks => string.Create(CultureInfo.InvariantCulture, $"new TimeSpan({ticks})"),
    };
}
