using System.Collections;
using System.Globalization;
using System.Reflection;
using SimGraph.Simulation.Exploration.Shrinking;

namespace SimGraph.Simulation.Exploration;

/// <summary>Every option of a plan by name, for printing: those of the records in it behind a dot, the items of lists by their number.</summary>
public static class PlanListing
{
    /// <summary>Numbers, times, flags and names in the order of the record's properties, then its lists.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(object plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var options = new List<KeyValuePair<string, string>>();
        var items = new List<KeyValuePair<string, string>>();
        Add(plan, string.Empty, options, items);
        return [.. options, .. items];
    }

    private static void Add(object record, string prefix, List<KeyValuePair<string, string>> options, List<KeyValuePair<string, string>> items)
    {
        foreach (PropertyInfo property in PlanRecords.PropertiesOf(record.GetType()))
        {
            string name = prefix + property.Name;
            switch (property.GetValue(record))
            {
                case null:
                    break;
                case IList list:
                    items.AddRange(list.Cast<object?>().Select((item, place) =>
                        KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"{name}[{place}]"), item is IList parts ? string.Join(' ', parts.Cast<object?>()) : $"{item}")));
                    break;
                case { } inner when PlanRecords.IsRecord(inner.GetType()):
                    Add(inner, $"{name}.", options, items);
                    break;
                case { } value:
                    options.Add(KeyValuePair.Create(name, Convert.ToString(value, CultureInfo.InvariantCulture)!));
                    break;
            }
        }
    }
}
