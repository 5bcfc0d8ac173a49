// Everything that could be smaller in a plan, found by reflection: a plan is a record of numbers, times, flags, records and lists of them. Large steps come first, so that a hopeless plan costs few runs
// and a good one is reached in few.

using System.Collections;
using System.Globalization;
using System.Reflection;

namespace SimGraph.Simulation.Exploration.Shrinking;

/// <summary>The smaller neighbours of a plan, each made when it is asked for.</summary>
internal static class PlanEdits
{
    /// <summary>Less to happen: shorter lists, everything sooner, fewer machines, operations, seconds.</summary>
    public static IEnumerable<PlanEdit> ToLess(object plan) => Within(plan, string.Empty, Shorter).Concat(Sooner(plan)).Concat(Within(plan, string.Empty, Less));

    /// <summary>Less to know about: options at their defaults.</summary>
    public static IEnumerable<PlanEdit> ToPlainer(object plan) =>
        Plain(plan) is { } plain ? [new PlanEdit("everything at its default", plain), .. Within(plan, string.Empty, Plainer)] : Within(plan, string.Empty, Plainer);

    /// <summary>Less to read: small and round numbers in what is left.</summary>
    public static IEnumerable<PlanEdit> ToReadable(object plan) => Within(plan, string.Empty, Simpler).Concat(Within(plan, string.Empty, Rounder));

    /// <summary>One thing taken away, and everything else as it is: each item of each list, each option that is not at its default.</summary>
    public static IEnumerable<PlanEdit> Single(object plan) => Within(plan, string.Empty, static (record, property, name) => Shorter(record, property, name, lengthMax: 1)).Concat(Within(plan, string.Empty, Plainer));

    private static IEnumerable<PlanEdit> Within(object record, string path, Func<object, PropertyInfo, string, IEnumerable<PlanEdit>> pass)
    {
        object? plain = PlanRecords.DefaultOf(record.GetType());
        foreach (PropertyInfo property in PlanRecords.PropertiesOf(record.GetType()))
        {
            object? value = property.GetValue(record);
            string name = $"{path}{property.Name}";

            // What is at its default is not written, and nothing is easier to read.
            bool isUsual = plain is not null && Equals(property.GetValue(plain), value);
            if (!isUsual || PlanRecords.IsList(property) || property.GetCustomAttribute<ShrinksToLeastAttribute>() is not null)
            {
                foreach (PlanEdit edit in pass(record, property, name))
                {
                    yield return edit;
                }
            }

            if (value is { } inner && PlanRecords.IsRecord(inner.GetType()) && !(isUsual && PlanRecords.DefaultOf(inner.GetType()) is null))
            {
                foreach (PlanEdit edit in Within(inner, $"{name}.", pass))
                {
                    yield return new PlanEdit(edit.Key, PlanRecords.With(record, property, edit.Plan));
                }
            }
        }
    }

    /// <summary>Lists without some of their items: all, the halves, the quarters, down to each alone. Then the same with the lists in each item.</summary>
    private static IEnumerable<PlanEdit> Shorter(object record, PropertyInfo property, string name) => Shorter(record, property, name, int.MaxValue);

    private static IEnumerable<PlanEdit> Shorter(object record, PropertyInfo property, string name, int lengthMax) =>
        WithoutItems(record, property, name, lengthMax)
            .Concat(InParts(record, property, name, (inner, part, path) => Shorter(inner, part, path, lengthMax)));

    private static IEnumerable<PlanEdit> WithoutItems(object record, PropertyInfo property, string name, int lengthMax)
    {
        if (property.GetValue(record) is not IList { Count: > 0 } items || !PlanRecords.IsList(property))
        {
            yield break;
        }

        for (int length = Math.Min(items.Count, lengthMax); length >= 1; length /= 2)
        {
            for (int from = 0; from < items.Count; from += length)
            {
                int end = Math.Min(from + length, items.Count);
                object?[] removed = [.. items.Cast<object?>().Skip(from).Take(end - from)];
                object?[] kept = [.. items.Cast<object?>().Take(from), .. items.Cast<object?>().Skip(end)];
                yield return new PlanEdit($"{name} without {string.Join(" and ", removed)}", PlanRecords.With(record, property, PlanRecords.ListOf(property, kept)));
            }
        }
    }

    /// <summary>All times of a script, and those that are better the smaller they are, divided by the same number.</summary>
    private static IEnumerable<PlanEdit> Sooner(object plan)
    {
        foreach (int divisor in (int[])[16, 4, 2])
        {
            if (Sooner(plan, divisor, isInList: false) is var sooner && !ReferenceEquals(sooner, plan))
            {
                yield return new PlanEdit($"everything {divisor} times as soon", sooner);
            }
        }
    }

    private static object Sooner(object record, int divisor, bool isInList)
    {
        object sooner = record;
        foreach (PropertyInfo property in PlanRecords.PropertiesOf(record.GetType()))
        {
            object? value = property.GetValue(record);
            object? divided = value switch
            {
                TimeSpan time when isInList => Divided(time, divisor, least: 0),
                TimeSpan time when property.GetCustomAttribute<ShrinksToLeastAttribute>() is { } marked => Divided(time, divisor, marked.Least),
                IList items when PlanRecords.IsList(property) => SoonerItems(property, items, divisor),
                { } inner when PlanRecords.IsRecord(inner.GetType()) => Sooner(inner, divisor, isInList),
                _ => value,
            };
            sooner = Equals(divided, value) ? sooner : PlanRecords.With(sooner, property, divided);
        }

        return sooner;
    }

    private static object SoonerItems(PropertyInfo property, IList items, int divisor)
    {
        object?[] sooner = [.. items.Cast<object?>().Select(item => item is not null && PlanRecords.IsRecord(item.GetType()) ? Sooner(item, divisor, isInList: !PlanRecords.HasParts(item.GetType())) : item)];
        return sooner.SequenceEqual(items.Cast<object?>()) ? items : PlanRecords.ListOf(property, sooner);
    }

    private static TimeSpan Divided(TimeSpan time, int divisor, long least) =>
        TimeSpan.FromMilliseconds(Math.Max(Math.Min(least, (long)time.TotalMilliseconds), (long)time.TotalMilliseconds / divisor));

    /// <summary>Numbers that are better the smaller they are: those that say so, and those that have no default.</summary>
    private static IEnumerable<PlanEdit> Less(object record, PropertyInfo property, string name) =>
        property.GetCustomAttribute<ShrinksToLeastAttribute>() is { } marked ? Reduced(record, property, name, marked.Least)
        : PlanRecords.DefaultOf(record.GetType()) is null ? Reduced(record, property, name, least: 0)
        : [];

    /// <summary>What is not at its default, at its default.</summary>
    private static IEnumerable<PlanEdit> Plainer(object record, PropertyInfo property, string name)
    {
        if (PlanRecords.DefaultOf(record.GetType()) is { } plain && !PlanRecords.IsList(property) && property.GetCustomAttribute<ShrinksToLeastAttribute>() is null)
        {
            object? usual = property.GetValue(plain);
            if (!Equals(usual, property.GetValue(record)))
            {
                yield return new PlanEdit($"{name} at its default", PlanRecords.With(record, property, usual));
            }
        }

        foreach (PlanEdit edit in InParts(record, property, name, Plainer))
        {
            yield return edit;
        }
    }

    /// <summary>The items of lists, and records that have no default, with smaller numbers.</summary>
    private static IEnumerable<PlanEdit> Simpler(object record, PropertyInfo property, string name)
    {
        if (PlanRecords.DefaultOf(record.GetType()) is null)
        {
            foreach (PlanEdit edit in Reduced(record, property, name, least: 0))
            {
                yield return edit;
            }
        }

        foreach (PlanEdit edit in InItems(record, property, name, Simpler))
        {
            yield return edit;
        }
    }

    /// <summary>Times that are easier to read.</summary>
    private static IEnumerable<PlanEdit> Rounder(object record, PropertyInfo property, string name)
    {
        if (property.GetValue(record) is TimeSpan time)
        {
            foreach (long unit in (long[])[TimeSpan.TicksPerSecond, TimeSpan.TicksPerSecond / 10, TimeSpan.TicksPerSecond / 100, TimeSpan.TicksPerMillisecond])
            {
                var rounded = new TimeSpan((time.Ticks + (unit / 2)) / unit * unit);
                if (time.Ticks % unit != 0 && rounded > TimeSpan.Zero)
                {
                    yield return new PlanEdit($"{name} = {rounded}", PlanRecords.With(record, property, rounded));
                }
            }
        }

        foreach (PlanEdit edit in InItems(record, property, name, Rounder))
        {
            yield return edit;
        }
    }

    /// <summary>As <see cref="InItems"/>, for items that are plans of their own: that have lists or records in them. A line of a script has none.</summary>
    private static IEnumerable<PlanEdit> InParts(object record, PropertyInfo property, string name, Func<object, PropertyInfo, string, IEnumerable<PlanEdit>> pass) =>
        property.GetValue(record) is IList items && items.Cast<object?>().Any(static item => item is not null && PlanRecords.HasParts(item.GetType()))
            ? InItems(record, property, name, pass)
            : [];

    private static IEnumerable<PlanEdit> InItems(object record, PropertyInfo property, string name, Func<object, PropertyInfo, string, IEnumerable<PlanEdit>> pass)
    {
        if (!PlanRecords.IsList(property) || property.GetValue(record) is not IList items)
        {
            yield break;
        }

        for (int i = 0; i < items.Count; i++)
        {
            if (items[i] is { } item && PlanRecords.IsRecord(item.GetType()))
            {
                foreach (PlanEdit edit in Within(item, string.Create(CultureInfo.InvariantCulture, $"{name}[{i}]."), pass))
                {
                    object?[] edited = [.. items.Cast<object?>()];
                    edited[i] = edit.Plan;
                    yield return new PlanEdit(edit.Key, PlanRecords.With(record, property, PlanRecords.ListOf(property, edited)));
                }
            }
        }
    }

    private static IEnumerable<PlanEdit> Reduced(object record, PropertyInfo property, string name, long least)
    {
        switch (property.GetValue(record))
        {
            case bool and true:
                yield return new PlanEdit($"{name} off", PlanRecords.With(record, property, false));
                break;
            case int number:
                foreach (long smaller in Below(number, least))
                {
                    yield return new PlanEdit($"{name} = {smaller}", PlanRecords.With(record, property, (int)smaller));
                }

                break;
            case long number:
                foreach (long smaller in Below(number, least))
                {
                    yield return new PlanEdit($"{name} = {smaller}", PlanRecords.With(record, property, smaller));
                }

                break;
            case TimeSpan time:
                foreach (long smaller in Below(time.Ticks / TimeSpan.TicksPerMillisecond, least))
                {
                    yield return new PlanEdit($"{name} = {smaller} ms", PlanRecords.With(record, property, TimeSpan.FromMilliseconds(smaller)));
                }

                break;
            default:
                break;
        }
    }

    /// <summary>Numbers nearer to the least one: that one, then by halves of the way, then the neighbour.</summary>
    private static IEnumerable<long> Below(long number, long least)
    {
        for (long away = number - least; away > 0; away /= 2)
        {
            yield return number - away;
        }

        // A negative number has its least at the other side.
        for (long away = least - number; away > 0; away /= 2)
        {
            yield return number + away;
        }
    }

    private static object? Plain(object plan)
    {
        if (PlanRecords.DefaultOf(plan.GetType()) is null)
        {
            return null;
        }

        object plain = plan;
        foreach (PropertyInfo property in PlanRecords.PropertiesOf(plan.GetType()))
        {
            plain = Plainer(plain, property, property.Name).FirstOrDefault()?.Plan ?? plain;
        }

        return ReferenceEquals(plain, plan) ? null : plain;
    }
}
