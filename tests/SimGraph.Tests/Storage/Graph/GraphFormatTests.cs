// Reads what an earlier program wrote: golden/graph-store-v1.txt (the pairs of a tree), graph-messages-v1.txt (commands, queries, answers, outcomes) and
// graph-export-v1.jsonl must stay readable. With UPDATE_GOLDEN=1 in the environment the files are written anew; do that only together with a new
// format version, and under its name.

using System.Text;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Lsm;
using Xunit;

namespace SimGraph.Tests.Storage.Graph;

public sealed class GraphFormatTests
{
    private static readonly byte[] Spaces = "CDEILMNOPTAZ"u8.ToArray();

    [Fact]
    public async Task The_pairs_of_version_1_stay_readable()
    {
        await using StoreUnderTest written = await StoreUnderTest.OpenAsync();
        await FillAsync(written);
        string[] golden = await GoldenAsync("graph-store-v1.txt", await written.ListAsync());
        await using StoreUnderTest read = await StoreUnderTest.OpenAsync();
        await LoadAsync(read, [.. golden.Select(Parse)]);
        Assert.Equal(golden, await read.ListAsync());
        await read.AssertSoundAsync();
        Assert.Equal(written.Store.Digest, read.Store.Digest);
        Assert.Equal(written.Store.Indexes, read.Store.Indexes);
        foreach (GraphQuery query in Queries())
        {
            Assert.Equal(await written.AskAsync(query), await read.AskAsync(query));
        }

        // And it goes on from there.
        Assert.True((await read.ApplyAsync(new GraphCommand(new DeleteNode(ElementId.Of(2, 0))), 9)).IsApplied);
        await read.AssertSoundAsync();
    }

    [Fact]
    public async Task Messages_of_version_1_stay_readable()
    {
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
        List<string> lines = [];
        for (int i = 0; i < Commands.Length; i++)
        {
            GraphOutcome outcome = await store.ApplyAsync(Commands[i], (ulong)i + 1);
            lines.Add($"command {Convert.ToHexString(GraphScript.Bytes(Commands[i].Encode))}");
            lines.Add($"outcome {Convert.ToHexString(GraphScript.Bytes(outcome.Encode))}");
        }

        foreach (GraphQuery query in Queries())
        {
            GraphAnswer answer = await store.AskAsync(query);
            lines.Add($"query {Convert.ToHexString(GraphScript.Bytes(query.Encode))}");
            lines.Add($"answer {Convert.ToHexString(GraphScript.Bytes(answer.Encode))}");
        }

        foreach (string line in await GoldenAsync("graph-messages-v1.txt", [.. lines]))
        {
            byte[] bytes = Convert.FromHexString(line.AsSpan(line.IndexOf(' ', StringComparison.Ordinal) + 1));
            byte[] again = line[0] switch
            {
                'c' => GraphScript.Bytes(GraphCommand.Decode(bytes).Encode),
                'o' => GraphScript.Bytes(GraphOutcome.Decode(bytes).Encode),
                'q' => GraphScript.Bytes(GraphQuery.Decode(bytes).Encode),
                _ => GraphScript.Bytes(GraphAnswer.Decode(bytes).Encode),
            };
            Assert.Equal(bytes, again);
        }
    }

    [Fact]
    public async Task An_export_of_version_1_stays_readable()
    {
        await using StoreUnderTest written = await StoreUnderTest.OpenAsync();
        await FillAsync(written);
        string[] golden = await GoldenAsync("graph-export-v1.jsonl", await GraphTransferTests.ExportAsync(written));
        await using StoreUnderTest read = await StoreUnderTest.OpenAsync();
        GraphImportSummary summary = await GraphTransferTests.ImportAsync(read, golden);
        Assert.Equal((written.Store.NodeCount, written.Store.EdgeCount, 2), (summary.Nodes, summary.Edges, summary.Indexes));
        Assert.Equal(GraphTransferTests.Renumbered(golden), GraphTransferTests.Renumbered(await GraphTransferTests.ExportAsync(read)));
        await read.AssertSoundAsync();
    }

    [Fact]
    public void Damaged_pairs_are_reported_and_never_taken_for_good_ones() => GraphChoices.CheckAsync(tests: 80, sizeMax: 20, async choices =>
    {
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
        await FillAsync(store);
        List<(byte[] Key, byte[] Value)> pairs = [.. (await store.ListAsync()).Select(Parse)];
        string[] before = Content(pairs);
        do
        {
            Damage(choices, pairs);
        }
        while (choices.AreLeft);

        bool changed = !Content(pairs).SequenceEqual(before);

        await using StoreUnderTest read = await StoreUnderTest.OpenAsync();
        GraphVerification? verification = null;
        try
        {
            await LoadAsync(read, pairs);
            verification = await read.Store.VerifyAsync(CancellationToken.None);
            foreach (GraphQuery query in Queries())
            {
                await read.AskAsync(query);
            }

            for (int i = 0; i < Commands.Length; i++)
            {
                await read.ApplyAsync(Commands[i], (ulong)i + 100);
            }

            await read.Store.ExportAsync(Stream.Null, null, CancellationToken.None);
        }
        catch (GraphStoreCorruptException)
        {
            return;
        }

        Assert.Equal(!changed, verification.IsSound);
    });

    [Fact]
    public async Task A_label_counted_on_fewer_nodes_than_lose_it_is_corruption_and_no_broken_promise()
    {
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync();
        await store.ApplyAsync(new GraphCommand(new CreateNode(LabelSet.Of("Person"), PropertyMap.Empty)), 1);
        List<(byte[] Key, byte[] Value)> pairs = [.. (await store.ListAsync()).Select(Parse)];
        Assert.Equal(1, pairs.RemoveAll(pair => pair.Key[0] == (byte)KeySpace.LabelCounter));

        await using StoreUnderTest read = await StoreUnderTest.OpenAsync();
        await LoadAsync(read, pairs);
        await Assert.ThrowsAsync<GraphStoreCorruptException>(() => read.ApplyAsync(new GraphCommand(new DeleteNode(ElementId.Of(1, 0))), 2));
    }

    private static GraphCommand[] Commands { get; } =
    [
        new(new DefineIndex(ElementKind.Node, "name"), new DefineIndex(ElementKind.Edge, "since")),
        new(
            new CreateNode(LabelSet.Of("Person", "\u00E9"), PropertyMap.Of(("name", PropertyValue.From("Ada")), ("age", PropertyValue.From(36L)))),
            new CreateNode(LabelSet.Of("Person"), AllKinds()),
            new CreateEdge(
                ElementReference.CreatedBy(0), ElementReference.CreatedBy(1), "KNOWS", PropertyMap.Of(("since", PropertyValue.From(DateTimeOffset.UnixEpoch)))),
            new CreateEdge(ElementReference.CreatedBy(1), ElementReference.CreatedBy(1), "LIKES", PropertyMap.Empty)),
        new(
            new SetEdgeProperty(ElementId.Of(2, 2), "since", PropertyValue.From(1.5)), new AddLabel(ElementId.Of(2, 0), "Poet"),
            new IncrementNodeProperty(ElementId.Of(2, 0), "age", 1), new RemoveLabel(ElementId.Of(2, 0), "\u00E9")),
        new(new DefineIndex(ElementKind.Node, "name")),
        new(
            new CompareAndSetNodeProperty(ElementId.Of(2, 0), "age", PropertyValue.From(37L), null), new RemoveNodeProperty(ElementId.Of(2, 0), "none"),
            new SetNodeProperty(ElementId.Of(2, 0), "name", PropertyValue.From("Ada L.")), new RemoveEdgeProperty(ElementId.Of(2, 3), "none")),
        new(
            new CreateNode(LabelSet.Empty, PropertyMap.Empty), new DeleteNode(ElementReference.CreatedBy(0)), new DropIndex(ElementKind.Edge, "since"),
            new DefineIndex(ElementKind.Edge, "since"), new DeleteEdge(ElementId.Of(2, 3))),
    ];

    internal static async Task FillAsync(StoreUnderTest store)
    {
        for (int i = 0; i < Commands.Length - 1; i++)
        {
            await store.ApplyAsync(Commands[i], (ulong)i + 1);
        }
    }

    private static PropertyMap AllKinds() => PropertyMap.Of(
        ("name", PropertyValue.From("te\0xt \uD83D\uDE00")), ("int64", PropertyValue.From(long.MinValue)), ("float64", PropertyValue.From(-0.0)),
        ("nan", PropertyValue.From(BitConverter.Int64BitsToDouble(0x7FF0_0000_0000_0001))), ("boolean", PropertyValue.From(true)),
        ("bytes", PropertyValue.FromBytes([0, 255])), ("time", PropertyValue.From(DateTimeOffset.MaxValue)),
        ("vector", PropertyValue.FromVector([1.5f, -0f, float.NegativeInfinity])), ("texts", PropertyValue.FromArray(new string[] { "a", "", "\u00E9" })),
        ("int64s", PropertyValue.FromArray(new long[] { long.MaxValue, -1 })), ("float64s", PropertyValue.FromArray(new double[] { double.Epsilon, double.NaN })),
        ("booleans", PropertyValue.FromArray(new bool[] { true, false })));

    private static GraphQuery[] Queries() =>
    [
        new GetNode(ElementId.Of(2, 0)), new GetNode(ElementId.Of(2, 1)), new GetNode(new ElementId(5)), new GetEdge(ElementId.Of(2, 2)), new CountNodes(),
        new CountNodes("Person"), new Neighbours(ElementId.Of(2, 1)), new Neighbours(ElementId.Of(2, 1), EdgeDirection.Incoming, "KNOWS", default, 1),
        new Neighbours(new ElementId(5)), new FindByLabel("Person", default, 1), new FindEdgesByType("LIKES"),
        new FindByProperty(ElementKind.Node, "name", PropertyCondition.StartsWith(PropertyValue.From("")), null, 1),
        new FindByProperty(
            ElementKind.Node, "name", PropertyCondition.Between(PropertyValue.From("A"), PropertyValue.From("z"), false, true),
            new PropertyPosition(PropertyValue.From("Ada L."), ElementId.Of(2, 0))),
        new FindByProperty(ElementKind.Edge, "since", PropertyCondition.Exactly(PropertyValue.From(1.5))),
        new FindByProperty(ElementKind.Edge, "none", PropertyCondition.Between(null, PropertyValue.From(true))),
    ];

    // What the store has to do with: the last pair of a key counts, and A and Z are spaces of others.
    private static string[] Content(IEnumerable<(byte[] Key, byte[] Value)> pairs) =>
    [
        .. pairs.Where(pair => pair.Key[0] is not ((byte)'A' or (byte)'Z'))
            .GroupBy(pair => Convert.ToHexString(pair.Key)).Select(group => StoreContent.Format(group.Last().Key, group.Last().Value))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Changes a pair, takes one away or adds one.</summary>
    private static void Damage(GraphChoices choices, List<(byte[] Key, byte[] Value)> pairs)
    {
        int at = choices.Next(pairs.Count);
        (byte[] key, byte[] value) = pairs[at];
        switch (choices.Next(6))
        {
            case 0:
                pairs.RemoveAt(at);
                break;
            case 1 when value.Length > 0:
                byte[] flipped = [.. value];
                flipped[choices.Next(value.Length)] ^= (byte)(1 + choices.Next(255));
                pairs[at] = (key, flipped);
                break;
            case 2 when value.Length > 0:
                pairs[at] = (key, value[..choices.Next(value.Length)]);
                break;
            case 3:
                pairs[at] = (key, [.. value, (byte)choices.Next(256)]);
                break;
            case 4 when key.Length > 1:
                byte[] other = [.. key];
                other[1 + choices.Next(key.Length - 1)] ^= (byte)(1 + choices.Next(255));
                pairs[at] = (other, value);
                break;
            default:
                byte[] random = new byte[choices.Next(40)];
                for (int i = 0; i < random.Length; i++)
                {
                    random[i] = (byte)choices.Next(256);
                }

                byte space = Spaces[choices.Next(Spaces.Length)];
                pairs.Add(([space, .. random.AsSpan(0, random.Length / 2)], [.. random.AsSpan(random.Length / 2)]));
                break;
        }
    }

    private static async Task LoadAsync(StoreUnderTest store, IReadOnlyList<(byte[] Key, byte[] Value)> pairs)
    {
        WriteBatch batch = new();
        foreach ((byte[] key, byte[] value) in pairs)
        {
            batch.Put(key, value);
        }

        await store.Tree.ApplyAsync(batch, 8, CancellationToken.None);
        await store.Store.LoadAsync(CancellationToken.None);
    }

    private static (byte[] Key, byte[] Value) Parse(string line)
    {
        string[] parts = line[2..].Split(" = ");
        return ([(byte)line[0], .. Convert.FromHexString(parts[0])], Convert.FromHexString(parts[1]));
    }

    private static async Task<string[]> GoldenAsync(string name, string[] lines)
    {
        string path = Path.Join(RepositoryFiles.Golden, name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(path, string.Join('\n', lines) + "\n", TestContext.Current.CancellationToken);
        }

        string[] golden = await File.ReadAllLinesAsync(path, Encoding.UTF8, TestContext.Current.CancellationToken);
        Assert.Equal(golden, lines);
        return golden;
    }
}
