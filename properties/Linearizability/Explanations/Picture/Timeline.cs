// The layout of a picture: one column for each event, as time between events means nothing; a column is as wide as the labels and the points in it need, so that nothing
// overlaps; one row for each client, and more where operations of a client overlap because one never ended.

namespace SimGraph.Properties.Linearizability.Explanations.Picture;

/// <summary>Where bars and points stand.</summary>
internal sealed class Timeline
{
    private const double ColumnWidth = 10;
    private const double PointWidth = 24;
    private readonly List<long> _times;
    private readonly double[] _left;
    private readonly Dictionary<Bar, double> _points = new(ReferenceEqualityComparer.Instance);

    /// <param name="bars">In the order of their begins.</param>
    /// <param name="widthOf">The least width of a bar.</param>
    public Timeline(IReadOnlyList<Bar> bars, Func<Bar, double> widthOf)
    {
        _times = [.. bars.SelectMany(static bar => (long[])[bar.From, bar.To]).Where(static time => time != long.MaxValue).Distinct().Order()];
        Rows = Stack(bars);
        (Bar Bar, int Column)[] points = Points(bars);
        _left = Widen(bars, points, widthOf);
        foreach (IGrouping<int, (Bar Bar, int Column)> column in points.GroupBy(static point => point.Column))
        {
            double step = (_left[column.Key + 1] - _left[column.Key]) / (column.Count() + 1);
            int ordinal = 1;
            foreach ((Bar bar, _) in column)
            {
                _points.Add(bar, _left[column.Key] + (step * ordinal++));
            }
        }
    }

    /// <summary>Bars by row, lane by lane.</summary>
    public IReadOnlyList<(string Lane, IReadOnlyList<Bar> Bars)> Rows { get; }

    public double Width => _left[^1];

    public double Left(Bar bar) => _left[_times.BinarySearch(bar.From)];

    public double Right(Bar bar) => bar.To == long.MaxValue ? Width : _left[_times.BinarySearch(bar.To)];

    /// <summary>Where the bar takes effect in the order; null if it has no place there.</summary>
    public double? Point(Bar bar) => _points.TryGetValue(bar, out double x) ? x : null;

    private static List<(string Lane, IReadOnlyList<Bar> Bars)> Stack(IReadOnlyList<Bar> bars)
    {
        var rows = new List<(string, IReadOnlyList<Bar>)>();
        foreach (IGrouping<string, Bar> lane in bars.GroupBy(static bar => bar.Lane, StringComparer.Ordinal))
        {
            var stacked = new List<List<Bar>>();
            foreach (Bar bar in lane.OrderBy(static bar => bar.From))
            {
                List<Bar>? row = stacked.Find(row => row[^1].To < bar.From);
                if (row is null)
                {
                    stacked.Add(row = []);
                }

                row.Add(bar);
            }

            rows.AddRange(stacked.Select((row, i) => (i == 0 ? lane.Key : string.Empty, (IReadOnlyList<Bar>)row)));
        }

        return rows;
    }

    /// <summary>The column of each point: as early as its own call and the points before it permit, which is before its end if the order is one of real time.</summary>
    private (Bar Bar, int Column)[] Points(IReadOnlyList<Bar> bars)
    {
        int column = 0;
        var points = new List<(Bar, int)>();
        foreach (Bar bar in bars.Where(static bar => bar.Order > 0).OrderBy(static bar => bar.Order))
        {
            column = Math.Max(column, _times.BinarySearch(bar.From));
            points.Add((bar, column));
        }

        return [.. points];
    }

    private double[] Widen(IReadOnlyList<Bar> bars, (Bar Bar, int Column)[] points, Func<Bar, double> widthOf)
    {
        double[] widths = new double[_times.Count];
        Array.Fill(widths, ColumnWidth);
        foreach (IGrouping<int, (Bar Bar, int Column)> column in points.GroupBy(static point => point.Column))
        {
            widths[column.Key] = Math.Max(ColumnWidth, PointWidth * (column.Count() + 1));
        }

        foreach (Bar bar in bars.OrderBy(static bar => bar.To))
        {
            int from = _times.BinarySearch(bar.From);
            int to = bar.To == long.MaxValue ? _times.Count : _times.BinarySearch(bar.To);
            double missing = widthOf(bar) - widths.AsSpan(from, to - from).ToArray().Sum();
            if (missing > 0)
            {
                widths[to - 1] += missing;
            }
        }

        double[] left = new double[_times.Count + 1];
        for (int i = 0; i < widths.Length; i++)
        {
            left[i + 1] = left[i] + widths[i];
        }

        return left;
    }
}
