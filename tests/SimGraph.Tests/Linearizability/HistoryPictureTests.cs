using System.Globalization;
using System.Xml.Linq;
using SimGraph.Properties.Linearizability;
using Xunit;

namespace SimGraph.Tests.Linearizability;

/// <summary>The picture is a page by itself, well formed, and nothing in it covers anything else.</summary>
public sealed class HistoryPictureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData("register", "jepsen-etcd/etcd_000.log")]
    [InlineData("register", "jepsen-etcd/etcd_011.log")]
    [InlineData("kv", "kv/c10-bad.txt")]
    public void A_picture_is_well_formed_and_nothing_overlaps(string model, string file)
    {
        string page = HistoryFiles.Check(model, HistoryFiles.Lines(file)).Picture!;
        XElement[] figures = [.. XDocument.Parse(page[page.IndexOf("<html", StringComparison.Ordinal)..]).Descendants(Svg + "svg")];

        Assert.Equal(2, figures.Length);
        Assert.All(figures, CheckFigure);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_from_the_file_are_escaped()
    {
        HistoryReport report = HistoryFiles.Check(
            "kv", "{:process 0, :type :invoke, :f :get, :key \"<b>&\", :value nil}", "{:process 0, :type :ok, :f :get, :key \"<b>&\", :value \"<script>\"}");

        Assert.DoesNotContain("<b>", report.Picture, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", report.Picture, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", report.Picture, StringComparison.Ordinal);
    }

    private static void CheckFigure(XElement figure)
    {
        double width = Number(figure, "width");
        double height = Number(figure, "height");
        (double Left, double Top, double Right, double Bottom)[] bars = [.. figure.Elements(Svg + "g").Select(static bar => Box(bar.Element(Svg + "rect")!))];
        (double X, double Y)[] points = [.. figure.Descendants(Svg + "circle").Select(static point => (Number(point, "cx"), Number(point, "cy")))];

        Assert.Single(figure.Descendants(Svg + "rect"), static bar => (string?)bar.Attribute("stroke") == "#b3261e");
        Assert.NotEmpty(bars);
        for (int i = 0; i < bars.Length; i++)
        {
            Assert.True(bars[i].Left >= 0 && bars[i].Right <= width && bars[i].Top >= 0 && bars[i].Bottom <= height, $"bar {i} is outside");
            Assert.DoesNotContain(bars[..i], other => other.Left < bars[i].Right && bars[i].Left < other.Right && other.Top < bars[i].Bottom && bars[i].Top < other.Bottom);
        }

        for (int i = 0; i < points.Length; i++)
        {
            Assert.DoesNotContain(points[..i], other => Math.Abs(other.X - points[i].X) < 17 && Math.Abs(other.Y - points[i].Y) < 17);
        }

        foreach (XElement bar in figure.Elements(Svg + "g"))
        {
            (double left, _, double right, _) = Box(bar.Element(Svg + "rect")!);
            string label = bar.Element(Svg + "text")!.Value;
            Assert.True(right - left >= 7.2 * label.Length, $"'{label}' is longer than its bar");
            Assert.NotEmpty(bar.Element(Svg + "title")!.Value);
        }
    }

    private static (double Left, double Top, double Right, double Bottom) Box(XElement rectangle) => (
        Number(rectangle, "x"), Number(rectangle, "y"), Number(rectangle, "x") + Number(rectangle, "width"), Number(rectangle, "y") + Number(rectangle, "height"));

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
