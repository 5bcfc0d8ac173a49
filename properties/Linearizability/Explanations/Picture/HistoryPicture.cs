using System.Globalization;
using System.Net;
using System.Text;

namespace SimGraph.Properties.Linearizability.Explanations.Picture;

/// <summary>An explanation as one HTML page without scripts or other files: the small part that breaks, and the history around the point where it does.</summary>
internal static class HistoryPicture
{
    private const int OperationsBefore = 100;
    private const int OperationsAfter = 12;
    private const int AnytimeShown = 12;
    private const int LabelMax = 26;
    private const string AnytimeLane = "any time";

    /// <param name="explanation">What is to be shown.</param>
    /// <param name="model">Describes actions and states.</param>
    /// <param name="title">Where the history is from.</param>
    /// <param name="text">The explanation in words.</param>
    /// <param name="unit">What times are counted in.</param>
    public static string Draw<TState, TAction>(
        Explanation<TState, TAction> explanation, ISequentialModel<TState, TAction> model, string title, string text, string unit)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><title>").Append(Escape(title)).Append("</title>\n<style>\n").Append(Style.Page)
            .Append("\n</style></head><body>\n<h1>Not linearizable: ").Append(Escape(title)).Append("</h1>\n<pre>").Append(Escape(text)).Append("</pre>\n<p>");
        AppendKey(page, BarKind.Write, "write");
        AppendKey(page, BarKind.Read, "read");
        AppendKey(page, BarKind.Unknown, "outcome unknown");
        AppendKey(page, BarKind.Break, "cannot be");
        page.Append("</p>\n<p>Bars go from call to answer; columns are events, so widths are no durations. Numbered points are an order that explains everything before the red one. "
            + "Hover for details.</p>\n<h2>The smallest part found that breaks</h2>\n<div class=\"figure\">")
            .Append(Figure.Draw(CoreBars(explanation, model, unit), "the smallest part found that breaks"))
            .Append("</div>\n<h2>The history around it</h2>\n<div class=\"figure\">")
            .Append(Figure.Draw(AllBars(explanation, model, unit), "the history around the break"))
            .Append("</div>\n</body></html>\n");
        return page.ToString();
    }

    private static List<Bar> CoreBars<TState, TAction>(Explanation<TState, TAction> explanation, ISequentialModel<TState, TAction> model, string unit)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
    {
        Dictionary<long, (int Number, TState After)> order = Numbered(explanation.CoreOrder);
        List<Bar> bars = [.. explanation.Core.OrderBy(static operation => operation.Client).Select(operation => Make(operation, explanation, model, order, unit))];
        long first = explanation.Core.Min(static operation => operation.CalledAt);
        IReadOnlyList<string> others = ExplanationText.Asked(explanation, model);
        int left = others.Count - AnytimeShown;
        bars.AddRange(others.Take(AnytimeShown).Select(asked => new Bar(
            AnytimeLane, Shorten(asked), $"{asked}: does not help, whenever it takes effect", first, long.MaxValue, BarKind.Unknown)));
        if (left > 0)
        {
            bars.Add(new Bar(AnytimeLane, $"and {left} more", "they do not help either", first, long.MaxValue, BarKind.Unknown));
        }

        return bars;
    }

    private static List<Bar> AllBars<TState, TAction>(Explanation<TState, TAction> explanation, ISequentialModel<TState, TAction> model, string unit)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
    {
        Dictionary<long, (int Number, TState After)> order = Numbered(explanation.Order);
        IReadOnlyList<Operation<TAction>> all = explanation.Partition.Operations;
        int before = all.Count(operation => operation.CalledAt <= explanation.Break.ReturnedAt);
        int skipped = Math.Max(0, before - OperationsBefore);
        IEnumerable<Operation<TAction>> shown = all.Skip(skipped).Take(before - skipped + OperationsAfter);
        return [.. shown.OrderBy(static operation => operation.Client).Select(operation => Make(operation, explanation, model, order, unit))];
    }

    private static Bar Make<TState, TAction>(
        Operation<TAction> operation,
        Explanation<TState, TAction> explanation,
        ISequentialModel<TState, TAction> model,
        Dictionary<long, (int Number, TState After)> order,
        string unit)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
    {
        bool isBreak = operation.CalledAt == explanation.Break.CalledAt;
        bool isPlaced = order.TryGetValue(operation.CalledAt, out (int Number, TState After) place) && !isBreak;
        BarKind kind = isBreak ? BarKind.Break : operation.IsPending ? BarKind.Unknown : model.IsRead(operation.Action) ? BarKind.Read : BarKind.Write;
        string action = $"{model.Describe(operation.Action)}{(operation.IsPending ? ": unknown" : string.Empty)}";
        string end = operation.IsPending ? "never answered" : string.Create(CultureInfo.InvariantCulture, $"answered at {unit} {operation.ReturnedAt}");
        string after = isPlaced ? string.Create(CultureInfo.InvariantCulture, $"\nnumber {place.Number} in the order; the state after it: {model.DescribeState(place.After)}") : string.Empty;
        return new Bar(
            string.Create(CultureInfo.InvariantCulture, $"client {operation.Client}"),
            Shorten(action),
            string.Create(CultureInfo.InvariantCulture, $"client {operation.Client}: {action}\ncalled at {unit} {operation.CalledAt}, {end}{after}"),
            operation.CalledAt,
            operation.ReturnedAt,
            kind)
        {
            Order = isPlaced ? place.Number : 0,
        };
    }

    private static Dictionary<long, (int Number, TState After)> Numbered<TState, TAction>(IReadOnlyList<Placed<TState, TAction>> order)
        where TState : IEquatable<TState>
        where TAction : IEquatable<TAction>
    {
        var numbered = new Dictionary<long, (int, TState)>();
        int number = 0;
        foreach (Placed<TState, TAction> placed in order)
        {
            // Those that may take effect at any time have no place of their own in the picture.
            if (placed.Operation.CalledAt != long.MinValue)
            {
                numbered.TryAdd(placed.Operation.CalledAt, (++number, placed.After));
            }
        }

        return numbered;
    }

    private static void AppendKey(StringBuilder page, BarKind kind, string name)
    {
        (string fill, string stroke, string text) = Style.Of(kind);
        string dash = kind == BarKind.Unknown ? "; border-style: dashed" : string.Empty;
        page.Append(CultureInfo.InvariantCulture, $"<span class=\"key\" style=\"background: {fill}; border-color: {stroke}; color: {text}{dash}\">{name}</span>");
    }

    private static string Shorten(string text) => text.Length <= LabelMax ? text : $"{text[..(LabelMax / 2)]}…{text[^((LabelMax / 2) - 1)..]}";

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
