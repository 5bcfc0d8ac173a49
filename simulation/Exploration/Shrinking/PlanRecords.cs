using System.Reflection;
using System.Runtime.CompilerServices;

namespace SimGraph.Simulation.Exploration.Shrinking;

/// <summary>What reflection tells about the records that plans are made of.</summary>
internal static class PlanRecords
{
    private const string CloneMethod = "<Clone>$";

    /// <summary>The properties that a plan may set, in the order in which they are written.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type record) => record
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanRead && property.CanWrite && property.GetIndexParameters().Length == 0)
        .OrderBy(property => property.MetadataToken);

    /// <summary>Whether values of the type are records of classes: what <c>with</c> can copy.</summary>
    public static bool IsRecord(Type type) => type.IsClass && type.GetMethod(CloneMethod) is not null;

    /// <summary>Whether the property is a list whose items may be left out.</summary>
    public static bool IsList(PropertyInfo property) =>
        property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>);

    /// <summary>Whether a record has lists or records in it.</summary>
    public static bool HasParts(Type record) => IsRecord(record) && PropertiesOf(record).Any(static property => IsList(property) || IsRecord(property.PropertyType));

    /// <summary>A record that nobody changed; null for a type that cannot be made of nothing, or must be told everything.</summary>
    public static object? DefaultOf(Type record) => IsMadeByInitializer(record) && record.GetCustomAttribute<RequiredMemberAttribute>() is null ? Activator.CreateInstance(record) : null;

    /// <summary>Whether it is made by setting properties, and not by the arguments of a constructor.</summary>
    public static bool IsMadeByInitializer(Type record) => record.GetConstructor(Type.EmptyTypes) is not null;

    /// <summary>A copy with one property changed.</summary>
    public static object With(object record, PropertyInfo property, object? value)
    {
        object copy = record.GetType().GetMethod(CloneMethod)!.Invoke(record, null)!;
        property.SetValue(copy, value);
        return copy;
    }

    /// <summary>A list for a property.</summary>
    public static object ListOf(PropertyInfo property, IReadOnlyList<object?> items)
    {
        Type item = property.PropertyType.GetGenericArguments()[0];
        var list = Array.CreateInstance(item, items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            list.SetValue(items[i], i);
        }

        return list;
    }
}
