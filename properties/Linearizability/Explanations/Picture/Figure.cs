using System.Globalization;
using System.Net;
using System.Text;

namespace SimGraph.Properties.Linearizability.Explanations.Picture;

/// <summary>Draws bars as SVG: a lane for each client, a bar for each operation, points and a line for the order, the break in red.</summary>
internal static class Figure
{
    private const double LaneWidth = 92;
    private const double RowHeight = 52;
    private const double RowHeightWithoutPoints = 34;
    private const double BarHeight = 24;
    private const double Margin = 16;
    private const double CharacterWidth = 7.3;
    private const double BarPadding = 7;
    private const double BarTop = 5;
    private const double Gap = 2;
    private const double PointRadius = 9;

    public static string Draw(IReadOnlyList<Bar> bars, string title)
    {
        var timeline = new Timeline(bars, static bar => (bar.Label.Length * CharacterWidth) + (2 * BarPadding) + Gap);
        double width = LaneWidth + timeline.Width + (2 * Margin);
        double[] tops = Tops(timeline);
        double height = tops[^1] + Margin;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0.#}\" height=\"{height:0.#}\" viewBox=\"0 0 {width:0.#} {height:0.#}\" role=\"img\" aria-label=\"{Escape(title)}\" font-family=\"{Style.Mono}\" font-size=\"12\">\n")
            .Append(CultureInfo.InvariantCulture, $"<rect width=\"{width:0.#}\" height=\"{height:0.#}\" fill=\"#ffffff\"/>\n");
        DrawLanes(svg, timeline, tops, width);
        DrawOrder(svg, timeline, tops);
        for (int row = 0; row < timeline.Rows.Count; row++)
        {
            foreach (Bar bar in timeline.Rows[row].Bars)
            {
                DrawBar(svg, timeline, bar, tops[row]);
            }
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>The upper edge of the bars of each row, and the end of the last row.</summary>
    private static double[] Tops(Timeline timeline)
    {
        double[] tops = new double[timeline.Rows.Count + 1];
        tops[0] = Margin + BarTop;
        for (int row = 0; row < timeline.Rows.Count; row++)
        {
            bool hasPoints = timeline.Rows[row].Bars.Any(bar => timeline.Point(bar) is not null);
            tops[row + 1] = tops[row] + (hasPoints ? RowHeight : RowHeightWithoutPoints);
        }

        return tops;
    }

    private static double X(double x) => Margin + LaneWidth + x;

    private static void DrawLanes(StringBuilder svg, Timeline timeline, double[] tops, double width)
    {
        for (int row = 0; row < timeline.Rows.Count; row++)
        {
            string lane = timeline.Rows[row].Lane;
            if (lane.Length > 0)
            {
                double y = tops[row] - BarTop;
                svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Margin:0.#}\" y1=\"{y:0.#}\" x2=\"{width - Margin:0.#}\" y2=\"{y:0.#}\" stroke=\"#e2e5e9\"/>\n")
                    .Append(CultureInfo.InvariantCulture, $"<text x=\"{Margin:0.#}\" y=\"{tops[row] + 16:0.#}\" fill=\"#4a5058\" font-weight=\"600\">{Escape(lane)}</text>\n");
            }
        }
    }

    /// <summary>The line goes behind the bars, so it hides no label.</summary>
    private static void DrawOrder(StringBuilder svg, Timeline timeline, double[] tops)
    {
        var points = new SortedDictionary<int, (double X, double Y)>();
        for (int row = 0; row < timeline.Rows.Count; row++)
        {
            foreach (Bar bar in timeline.Rows[row].Bars)
            {
                if (timeline.Point(bar) is { } x)
                {
                    points.Add(bar.Order, (X(x), PointY(tops[row])));
                }
            }
        }

        if (points.Count > 1)
        {
            svg.Append("<polyline fill=\"none\" stroke=\"#d9a441\" stroke-width=\"1.5\" stroke-linejoin=\"round\" points=\"")
                .AppendJoin(' ', points.Values.Select(static point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#},{point.Y:0.#}")))
                .Append("\"/>\n");
        }
    }

    private static double PointY(double top) => top + BarHeight + PointRadius + 1;

    private static void DrawBar(StringBuilder svg, Timeline timeline, Bar bar, double top)
    {
        (string fill, string stroke, string text) = Style.Of(bar.Kind);
        double left = X(timeline.Left(bar));
        double width = Math.Max(4, X(timeline.Right(bar)) - left - Gap);
        string dash = bar.Kind == BarKind.Unknown ? " stroke-dasharray=\"4 3\"" : string.Empty;
        double strokeWidth = bar.Kind == BarKind.Break ? 2 : 1;
        svg.Append(CultureInfo.InvariantCulture, $"<g><title>{Escape(bar.Hover)}</title><rect x=\"{left:0.#}\" y=\"{top:0.#}\" width=\"{width:0.#}\" height=\"{BarHeight:0.#}\" rx=\"4\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"{strokeWidth}\"{dash}/>")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"{left + BarPadding:0.#}\" y=\"{top + 16:0.#}\" fill=\"{text}\"{(bar.Kind == BarKind.Break ? " font-weight=\"700\"" : string.Empty)}>{Escape(bar.Label)}</text>");
        if (timeline.Point(bar) is { } x)
        {
            double y = PointY(top);
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{X(x):0.#}\" cy=\"{y:0.#}\" r=\"{PointRadius:0.#}\" fill=\"#fff8e8\" stroke=\"#b9852a\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{X(x):0.#}\" y=\"{y + 3.5:0.#}\" text-anchor=\"middle\" font-size=\"10\" fill=\"#5f430f\">{bar.Order}</text>");
        }

        svg.Append("</g>\n");
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
