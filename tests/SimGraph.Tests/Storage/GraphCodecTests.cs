using System.Buffers.Binary;
using SimGraph.Properties.Storage.Graph.Model;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Graph;
using Xunit;

namespace SimGraph.Tests.Storage;

public sealed class GraphCodecTests
{
    private static readonly ElementId[] SomeIds = [new(4096), new(4097), new(8192)];

    [Fact]
    public void Commands_come_back_equal() => GraphChoices.Check(tests: 500, sizeMax: 100, choices =>
    {
        GraphCommand command = GraphScript.Command(choices, SomeIds, SomeIds);
        byte[] bytes = GraphScript.Bytes(command.Encode);
        Assert.Equal(command.Operations, GraphCommand.Decode(bytes).Operations);
        Assert.Equal(command.Operations, GraphCommand.Decode(bytes, new NameTable()).Operations);
        Assert.Equal(bytes, GraphScript.Bytes(GraphCommand.Decode(bytes).Encode));
    });

    [Fact]
    public void Queries_answers_and_outcomes_come_back_equal() => GraphChoices.Check(tests: 200, sizeMax: 200, choices =>
    {
        GraphState state = new(new NoProbes());
        for (ulong index = 1; choices.AreLeft; index++)
        {
            ElementId[] nodes = [.. state.ListNodes().Select(node => node.Id)];
            ElementId[] edges = [.. state.ListEdges().Select(edge => edge.Id)];
            GraphOutcome outcome = state.Apply(GraphScript.Command(choices, nodes, edges), index);
            GraphQuery query = GraphScript.Query(choices, nodes, edges);
            GraphAnswer answer = state.Ask(query);
            Assert.Equal(outcome, GraphOutcome.Decode(GraphScript.Bytes(outcome.Encode)));
            Assert.Equal(query, GraphQuery.Decode(GraphScript.Bytes(query.Encode)));
            Assert.Equal(answer, GraphAnswer.Decode(GraphScript.Bytes(answer.Encode)));
        }
    });

    [Fact]
    public void A_snapshot_that_is_read_is_written_the_same() => GraphChoices.Check(tests: 100, sizeMax: 500, choices =>
    {
        GraphState state = Grow(choices, out ulong index);
        byte[] bytes = GraphScript.Bytes(state.WriteSnapshot);
        GraphState read = GraphState.Read(bytes, index, new NoProbes());
        Assert.Equal(bytes, GraphScript.Bytes(read.WriteSnapshot));
        Assert.Equal(state.Hash, read.Hash);
        Assert.Equal(state.Digest, read.Digest);
        foreach (GraphNode node in state.ListNodes())
        {
            Neighbours query = new(node.Id);
            Assert.Equal(state.Ask(query), read.Ask(query));
            Assert.All(node.Labels, label => Assert.Equal(state.Ask(new CountNodes(label)), read.Ask(new CountNodes(label))));
        }
    });

    [Fact]
    public void Damaged_commands_are_refused_or_are_other_commands() => GraphChoices.Check(tests: 300, sizeMax: 60, choices =>
        Damage(choices, GraphScript.Bytes(GraphScript.Command(choices, SomeIds, SomeIds).Encode), bytes =>
            GraphScript.Bytes(GraphCommand.Decode(bytes).Encode)));

    [Fact]
    public void Damaged_queries_are_refused_or_are_other_queries() => GraphChoices.Check(tests: 300, sizeMax: 60, choices =>
        Damage(choices, GraphScript.Bytes(GraphScript.Query(choices, SomeIds, SomeIds).Encode), bytes =>
            GraphScript.Bytes(GraphQuery.Decode(bytes).Encode)));

    [Fact]
    public void Damaged_answers_and_outcomes_are_refused_or_are_other_ones() => GraphChoices.Check(tests: 300, sizeMax: 200, choices =>
    {
        GraphState state = Grow(choices, out ulong index);
        ElementId[] nodes = [.. state.ListNodes().Select(node => node.Id)];
        ElementId[] edges = [.. state.ListEdges().Select(edge => edge.Id)];
        GraphChoices more = new([.. Enumerable.Range(0, 40).Select(i => (i * 7919) + nodes.Length)]);
        GraphAnswer answer = state.Ask(GraphScript.Query(more, nodes, edges));
        Damage(more, GraphScript.Bytes(answer.Encode), bytes => GraphScript.Bytes(GraphAnswer.Decode(bytes).Encode));
        GraphOutcome outcome = state.Apply(GraphScript.Command(more, nodes, edges), index + 1);
        Damage(more, GraphScript.Bytes(outcome.Encode), bytes => GraphScript.Bytes(GraphOutcome.Decode(bytes).Encode));
    });

    [Fact]
    public void Damaged_snapshots_are_refused_or_are_other_graphs() => GraphChoices.Check(tests: 200, sizeMax: 200, choices =>
    {
        byte[] bytes = GraphScript.Bytes(Grow(choices, out ulong index).WriteSnapshot);
        GraphChoices more = new([.. Enumerable.Range(0, 40).Select(i => (i * 7919) + bytes.Length)]);
        Damage(more, bytes, damaged => GraphScript.Bytes(GraphState.Read(damaged, index, new NoProbes()).WriteSnapshot));
    });

    [Fact]
    public void A_length_that_lies_allocates_nothing()
    {
        byte[] snapshot = GraphScript.Bytes(new GraphState(new NoProbes()).WriteSnapshot);
        BinaryPrimitives.WriteUInt32LittleEndian(snapshot.AsSpan(6), uint.MaxValue);
        byte[] command = GraphScript.Bytes(
            new GraphCommand(new SetNodeProperty(SomeIds[0], "k", PropertyValue.FromBytes([1]))).Encode);
        BinaryPrimitives.WriteUInt32LittleEndian(command.AsSpan(command.Length - 5), GraphLimits.ValueBytesMax);
        AssertRefusedCheaply(() => GraphState.Read(snapshot, 1, new NoProbes()));
        AssertRefusedCheaply(() => GraphCommand.Decode(command));
        BinaryPrimitives.WriteUInt32LittleEndian(command.AsSpan(command.Length - 5), 0x7FFF_FFFF);
        AssertRefusedCheaply(() => GraphCommand.Decode(command));
        AssertRefusedCheaply(() => GraphCommand.Decode([1, 255, 15]));
        AssertRefusedCheaply(() => GraphAnswer.Decode([1, 3, 0, 0, 16, 0, 0]));
    }

    [Theory]
    [InlineData("no kind", 0)]
    [InlineData("a kind that does not exist", 12, 0, 0, 0, 0)]
    [InlineData("a truth value of 2", 4, 2)]
    [InlineData("a time before the first", 6, 255, 255, 255, 255, 255, 255, 255, 255)]
    [InlineData("a time behind the last", 6, 255, 255, 255, 255, 255, 255, 255, 127)]
    [InlineData("text that is not UTF-8", 1, 1, 0, 0, 0, 0xC3)]
    [InlineData("text with an overlong form", 1, 2, 0, 0, 0, 0xC0, 0x80)]
    [InlineData("a surrogate in UTF-8", 1, 3, 0, 0, 0, 0xED, 0xA0, 0x80)]
    [InlineData("a vector of one and a half numbers", 7, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0)]
    [InlineData("an array of half an integer", 9, 4, 0, 0, 0, 0, 0, 0, 0)]
    [InlineData("an array of half a number", 10, 4, 0, 0, 0, 0, 0, 0, 0)]
    [InlineData("an array with a truth value of 2", 11, 2, 0, 0, 0, 1, 2)]
    [InlineData("an array with a text that is too long for it", 8, 5, 0, 0, 0, 2, 0, 0, 0, 65)]
    [InlineData("an array with a text of negative length", 8, 5, 0, 0, 0, 255, 255, 255, 255, 65)]
    [InlineData("an array with half a length", 8, 2, 0, 0, 0, 0, 0)]
    [InlineData("an array with a text that is not UTF-8", 8, 5, 0, 0, 0, 1, 0, 0, 0, 0xFF)]
    public void A_value_that_is_not_canonical_is_refused(string what, params int[] value)
    {
        byte[] valid = GraphScript.Bytes(new GraphCommand(new SetNodeProperty(SomeIds[0], "k", PropertyValue.From(true))).Encode);
        byte[] front = valid[..^2];
        Assert.Equal(valid, GraphScript.Bytes(GraphCommand.Decode([.. front, 4, 1]).Encode));
        byte[] damaged = [.. front, .. value.Select(number => (byte)number)];
        Assert.True(Refuses(damaged), what);
    }

    [Theory]
    [InlineData("labels out of order", 2, 0, 1, 0, 98, 1, 0, 97, 0, 0)]
    [InlineData("a label twice", 2, 0, 1, 0, 97, 1, 0, 97, 0, 0)]
    [InlineData("an empty label", 1, 0, 0, 0, 0, 0)]
    [InlineData("a label that is not UTF-8", 1, 0, 1, 0, 255, 0, 0)]
    [InlineData("keys out of order", 0, 0, 2, 0, 1, 0, 98, 4, 0, 1, 0, 97, 4, 0)]
    [InlineData("a key twice", 0, 0, 2, 0, 1, 0, 97, 4, 0, 1, 0, 97, 4, 0)]
    [InlineData("more labels than bytes", 255, 255, 1, 0, 97, 0, 0)]
    [InlineData("more keys than bytes", 0, 0, 255, 255, 1, 0, 97, 4, 0)]
    [InlineData("bytes behind the end", 0, 0, 0, 0, 0)]
    public void A_node_that_is_not_canonical_is_refused(string what, params int[] node)
    {
        byte[] front = [1, 1, 0, (byte)OperationKind.CreateNode];
        Assert.Single(GraphCommand.Decode([.. front, 1, 0, 1, 0, 97, 1, 0, 1, 0, 97, 4, 0]).Operations);
        byte[] damaged = [.. front, .. node.Select(number => (byte)number)];
        Assert.True(Refuses(damaged), what);
    }

    [Theory]
    [InlineData("another version", 2, 1, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0)]
    [InlineData("no operations", 1, 0, 0)]
    [InlineData("an operation that does not exist", 1, 1, 0, 99, 0, 1, 0, 0, 0, 0, 0, 0, 0)]
    [InlineData("a reference of no known kind", 1, 1, 0, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0)]
    [InlineData("a reference to itself", 1, 1, 0, 2, 1, 0, 0)]
    [InlineData("a reference to a later operation", 1, 2, 0, 2, 1, 1, 0, 1, 0, 0, 0, 0)]
    [InlineData("a reference as a node to what creates none", 1, 2, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0)]
    [InlineData("a reference to an operation that no command has", 1, 2, 0, 1, 0, 0, 0, 0, 2, 1, 0, 16)]
    public void A_command_that_is_not_valid_is_refused(string what, params int[] command) =>
        Assert.True(Refuses([.. command.Select(number => (byte)number)]), what);

    [Fact]
    public void Edges_without_ends_and_elements_from_the_future_are_refused()
    {
        GraphState state = new(new NoProbes());
        state.Apply(new GraphCommand(new CreateNode(LabelSet.Empty, PropertyMap.Empty)), 5);
        byte[] bytes = GraphScript.Bytes(state.WriteSnapshot);
        Assert.Equal(1, GraphState.Read(bytes, 5, new NoProbes()).NodeCount);
        Assert.Throws<FormatException>(() => GraphState.Read(bytes, 4, new NoProbes()));

        state.Apply(new GraphCommand(new CreateEdge(ElementId.Of(5, 0), ElementId.Of(5, 0), "T", PropertyMap.Empty)), 6);
        bytes = GraphScript.Bytes(state.WriteSnapshot);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(bytes.Length - 15), 77);
        Assert.Contains("end", Assert.Throws<FormatException>(() => GraphState.Read(bytes, 6, new NoProbes())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_do_not_fit_into_the_table_are_still_right()
    {
        NameTable names = new();
        for (int i = 0; i < NameTable.NamesMax + 100; i++)
        {
            CountNodes query = new($"label {i}");
            Assert.Equal(query, GraphQuery.Decode(GraphScript.Bytes(query.Encode), names));
        }

        CountNodes first = new("label 0");
        string known = ((CountNodes)GraphQuery.Decode(GraphScript.Bytes(first.Encode), names)).Label!;
        Assert.Same(known, ((CountNodes)GraphQuery.Decode(GraphScript.Bytes(first.Encode), names)).Label);
    }

    private static bool Refuses(byte[] command)
    {
        try
        {
            GraphCommand.Decode(command);
            return false;
        }
        catch (FormatException)
        {
            return true;
        }
    }

    private static GraphState Grow(GraphChoices choices, out ulong index)
    {
        GraphState state = new(new NoProbes());
        for (index = 1; choices.AreLeft; index++)
        {
            state.Apply(
                GraphScript.Command(
                    choices, [.. state.ListNodes().Select(node => node.Id)], [.. state.ListEdges().Select(edge => edge.Id)]),
                index);
        }

        return state;
    }

    /// <summary>Damages valid bytes in many ways: whatever the reader accepts must be written as exactly the bytes it accepted.</summary>
    private static void Damage(GraphChoices choices, byte[] valid, Func<byte[], byte[]> readAndWrite)
    {
        Assert.Equal(valid, readAndWrite(valid));
        for (int length = Math.Max(0, valid.Length - 64); length < valid.Length; length++)
        {
            byte[] cut = valid[..length];
            Assert.Throws<FormatException>(() => readAndWrite(cut));
        }

        Assert.Throws<FormatException>(() => readAndWrite([.. valid, 0]));
        Random random = new(choices.Next(int.MaxValue));
        for (int i = 0; i < 30; i++)
        {
            byte[] damaged = [.. valid];
            for (int flips = random.Next(3); flips >= 0; flips--)
            {
                damaged[random.Next(damaged.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)random.Next(4);
            }

            try
            {
                Assert.Equal(damaged, readAndWrite(damaged));
            }
            catch (FormatException)
            {
                // Refused, as it should be.
            }
        }
    }

    private static void AssertRefusedCheaply(Action read)
    {
        Assert.Throws<FormatException>(read);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<FormatException>(read);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }
}
