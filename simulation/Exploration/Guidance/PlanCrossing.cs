// New plans from two old ones. Only what a planner draws as a whole changes hands: lists of a script, line by line, and nested records. Numbers that belong together (a heartbeat and the time-out
// above it) stay together, so that no plan comes out that the planner could not have drawn piece by piece, and a failure under it is a failure.

using System.Collections;
using System.Reflection;
using SimGraph.Simulation.Choices;
using SimGraph.Simulation.Exploration.Shrinking;

namespace SimGraph.Simulation.Exploration.Guidance;

/// <summary>Crosses plans.</summary>
internal static class PlanCrossing
{
    private const int EditsMax = 3;
    private const int ItemsMax = 256;

    /// <summary>A plan like the first, with one to three of its lists or records changed after the second.</summary>
    public static object Cross(object plan, object other, PlanChoices draws)
    {
        PropertyInfo[] parts = [.. PlanRecords.PropertiesOf(plan.GetType()).Where(property => PlanRecords.IsList(property) || PlanRecords.IsRecord(property.PropertyType))];
        if (parts.Length == 0)
        {
            return plan;
        }

        object crossed = plan;
        for (int edits = 1 + draws.Draw("edits", EditsMax); edits > 0; edits--)
        {
            PropertyInfo part = parts[draws.Draw("part", parts.Length)];
            object? value = PlanRecords.IsList(part) ? CrossLists(part, (IList)part.GetValue(crossed)!, (IList)part.GetValue(other)!, draws) : part.GetValue(other);
            crossed = PlanRecords.With(crossed, part, value);
        }

        return crossed;
    }

    private static object CrossLists(PropertyInfo property, IList mine, IList others, PlanChoices draws)
    {
        IEnumerable<object?> own = mine.Cast<object?>();
        IEnumerable<object?> foreign = others.Cast<object?>();
        IEnumerable<object?> crossed = draws.Draw("lists", 4) switch
        {
            0 => own.Take(draws.Draw("head", mine.Count + 1)).Concat(foreign.Skip(draws.Draw("tail", others.Count + 1))),
            1 => own.Concat(foreign.Where(_ => draws.Draw("also", 4) == 0)),
            2 => own.Where(_ => draws.Draw("not", 4) != 0),
            _ => foreign,
        };

        // A script is played from its first line to its last.
        PropertyInfo? time = PlanRecords.PropertiesOf(property.PropertyType.GetGenericArguments()[0]).FirstOrDefault(static item => item.PropertyType == typeof(TimeSpan));
        IEnumerable<object?> ordered = time is null ? crossed : crossed.OrderBy(item => (TimeSpan)time.GetValue(item)!);
        return PlanRecords.ListOf(property, [.. ordered.Take(ItemsMax)]);
    }
}
