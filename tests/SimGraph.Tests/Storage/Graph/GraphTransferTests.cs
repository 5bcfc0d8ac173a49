using System.Text;
using SimGraph.Properties.Storage.Graph.Model;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Lsm;
using Xunit;

namespace SimGraph.Tests.Storage.Graph;

public sealed class GraphTransferTests
{
    [Fact]
    public void What_is_exported_and_imported_is_the_same_graph_with_other_ids() => GraphChoices.CheckAsync(tests: 25, sizeMax: 800, async choices =>
    {
        GraphState state = new(new NoProbes());
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
        for (ulong index = 1; choices.AreLeft; index++)
        {
            GraphCommand command = GraphScript.Command(
                choices, [.. state.ListNodes().Select(node => node.Id)], [.. state.ListEdges().Select(edge => edge.Id)]);
            state.Apply(command, index);
            await store.ApplyAsync(command, index);
        }

        string[] exported = await ExportAsync(store);
        await using StoreUnderTest other = await StoreUnderTest.OpenAsync();
        GraphImportSummary summary = await ImportAsync(other, exported);
        Assert.Equal((store.Store.NodeCount, store.Store.EdgeCount), (summary.Nodes, summary.Edges));
        Assert.Equal(Renumbered(exported), Renumbered(await ExportAsync(other)));
        await other.AssertSoundAsync();
    });

    [Fact]
    public async Task An_export_is_of_one_state_while_writes_go_on()
    {
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
        await GraphFormatTests.FillAsync(store);
        string[] before = await ExportAsync(store);
        using LsmSnapshot snapshot = store.Tree.TakeSnapshot();
        await store.ApplyAsync(new GraphCommand(new DeleteNode(ElementId.Of(2, 0)), new DropIndex(ElementKind.Node, "name")), 50);
        await store.Tree.CompactAsync(LsmRange.All, CancellationToken.None);
        Assert.Equal(before, await ExportAsync(store, snapshot));
        Assert.NotEqual(before, await ExportAsync(store));
    }

    [Fact]
    public async Task An_element_that_is_larger_than_a_command_is_imported_in_parts()
    {
        LsmOptions options = new();
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync(options);
        PropertyValue large = PropertyValue.FromBytes(new byte[GraphLimits.ValueBytesMax]);
        await store.ApplyAsync(new GraphCommand(GraphStoreTests.Node("a"), new CreateNode(LabelSet.Of("Large"), PropertyMap.Empty)), 1);
        await store.ApplyAsync(new GraphCommand(GraphStoreTests.Edge(ElementId.Of(1, 0), ElementId.Of(1, 1))), 2);
        for (int i = 0; i < 15; i++)
        {
            GraphCommand command = new(new SetNodeProperty(ElementId.Of(1, 1), $"p{i}", large), new SetEdgeProperty(ElementId.Of(2, 0), $"p{i}", large));
            Assert.True((await store.ApplyAsync(command, (ulong)i + 3)).IsApplied);
        }

        string[] exported = await ExportAsync(store);
        await using StoreUnderTest other = await StoreUnderTest.OpenAsync(options);
        await ImportAsync(other, exported);
        Assert.Equal(Renumbered(exported), Renumbered(await ExportAsync(other)));
    }

    [Theory]
    [InlineData("", "line 1: the file is empty")]
    [InlineData("{\"format\":\"other\"}\n", "line 1: ")]
    [InlineData("not json\n", "line 1: ")]
    [InlineData("H1\n", "line 2: the header promises")]
    [InlineData("H1\n{\"node\":\"1\",\"labels\":[],\"properties\":{}}", "line 2: the file ends within the line")]
    [InlineData("H1\n{\"node\":\"x\",\"labels\":[],\"properties\":{}}\n", "line 2: ")]
    [InlineData("H1\n{\"node\":1,\"labels\":[],\"properties\":{}}\n", "line 2: ")]
    [InlineData("H1\n{\"node\":\"1\",\"labels\":[null],\"properties\":{}}\n", "line 2: ")]
    [InlineData("H1\n{\"node\":\"1\",\"labels\":[]}\n", "line 2: ")]
    [InlineData("H1\n{\"node\":\"1\",\"labels\":[],\"properties\":{\"a\":{\"int64\":1.5}}}\n", "line 2: ")]
    [InlineData("H1\n{\"node\":\"1\",\"labels\":[],\"properties\":{\"a\":{}}}\n", "line 2: a value has no kind")]
    [InlineData("H1\n{\"node\":\"1\",\"labels\":[],\"properties\":{\"a\":{\"text\":\"\\uD800\"}}}\n", "line 2: ")]
    [InlineData("H1\n{\"node\":\"1\",\"labels\":[],\"properties\":{\"a\":{\"float64\":\"0x12\"}}}\n", "line 2: '0x12' is neither")]
    [InlineData("H1\n{\"node\":\"1\",\"labels\":[],\"properties\":{\"a\":{\"other\":1}}}\n", "line 2: a value is of the unknown kind 'other'")]
    [InlineData("H2\n{\"node\":\"1\",\"labels\":[],\"properties\":{}}\n{\"node\":\"1\",\"labels\":[],\"properties\":{}}\n", "line 3: node 1 comes twice")]
    [InlineData("H1\n{\"node\":\"1\",\"labels\":[],\"properties\":{}}\n{\"edge\":\"2\",\"from\":\"1\",\"to\":\"3\",\"type\":\"T\",\"properties\":{}}\n", "line 3: an edge has an end")]
    [InlineData("H1\n{\"node\":\"1\",\"labels\":[],\"properties\":{}}\n{\"index\":\"node\",\"key\":\"a\"}\n", "line 3: the lines are not in the order")]
    [InlineData("H1\n[]\n", "line 2: ")]
    public async Task A_file_that_is_not_an_export_is_refused_with_the_line(string file, string message)
    {
        string text = file
            .Replace("H1", "{\"format\":\"simgraph-graph\",\"version\":1,\"nodes\":1,\"edges\":0,\"indexes\":0}", StringComparison.Ordinal)
            .Replace("H2", "{\"format\":\"simgraph-graph\",\"version\":1,\"nodes\":2,\"edges\":0,\"indexes\":0}", StringComparison.Ordinal);
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
        GraphImportException refusal = await Assert.ThrowsAsync<GraphImportException>(() => ImportAsync(store, Encoding.UTF8.GetBytes(text)));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        await store.AssertSoundAsync();
    }

    [Fact]
    public void A_damaged_export_is_refused_or_is_another_graph() => GraphChoices.CheckAsync(tests: 50, sizeMax: 10, async choices =>
    {
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
        await GraphFormatTests.FillAsync(store);
        byte[] bytes = Encoding.UTF8.GetBytes(string.Join('\n', await ExportAsync(store)) + "\n");
        do
        {
            bytes[choices.Next(bytes.Length)] = (byte)choices.Next(256);
        }
        while (choices.AreLeft);

        await using StoreUnderTest other = await StoreUnderTest.OpenAsync();
        try
        {
            await ImportAsync(other, bytes);
        }
        catch (GraphImportException)
        {
            // Refused, as it should be.
        }

        await other.AssertSoundAsync();
    });

    internal static async Task<string[]> ExportAsync(StoreUnderTest store, LsmSnapshot? at = null)
    {
        using MemoryStream stream = new();
        await store.Store.ExportAsync(stream, at, CancellationToken.None);
        string text = Encoding.UTF8.GetString(stream.ToArray());
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text[..^1].Split('\n');
    }

    internal static Task<GraphImportSummary> ImportAsync(StoreUnderTest store, string[] lines) =>
        ImportAsync(store, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

    /// <summary>The lines with ids replaced by the order in which they come.</summary>
    internal static string[] Renumbered(string[] lines)
    {
        Dictionary<string, int> numbers = [];
        return
        [
            .. lines.Select(line => System.Text.RegularExpressions.Regex.Replace(
                line,
                "^\\{\"(node|edge)\":\"(\\d+)\"(,\"from\":\"(\\d+)\",\"to\":\"(\\d+)\")?",
                match =>
                {
                    numbers.TryAdd(match.Groups[2].Value, numbers.Count);
                    string ends = match.Groups[3].Success ? $" {numbers[match.Groups[4].Value]} {numbers[match.Groups[5].Value]}" : "";
                    return $"{match.Groups[1].Value} {numbers[match.Groups[2].Value]}{ends}";
                })),
        ];
    }

    private static async Task<GraphImportSummary> ImportAsync(StoreUnderTest store, byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        ulong index = store.Tree.LastSequence;
        return await new GraphImport(stream, async (command, _) => await store.ApplyAsync(command, ++index)).ReadAsync(CancellationToken.None);
    }
}
