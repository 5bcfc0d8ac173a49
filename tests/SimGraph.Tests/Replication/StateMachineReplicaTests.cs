using SimGraph.Replication.StateMachine;
using SimGraph.Runtime.Probes;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;
using SimGraph.Tests.Storage;
using Xunit;

namespace SimGraph.Tests.Replication;

/// <summary>Random logs: what two replicas make of the same one.</summary>
public sealed class StateMachineReplicaTests
{
    private static readonly StateMachineOptions Options = new() { SessionsMax = 4 };

    [Fact]
    public void The_same_log_gives_the_same_results_and_bytes() => GraphChoices.Check(tests: 100, sizeMax: 1500, choices =>
    {
        ReplicatedStateMachine first = new(Options, new NoProbes());
        ReplicatedStateMachine second = new(Options, new NoProbes());
        while (choices.AreLeft)
        {
            LogEntry entry = Entry(choices, first);
            Assert.Equal(first.Apply(entry).ToArray(), second.Apply(entry with { Payload = entry.Payload.ToArray() }).ToArray());
            Assert.Equal(first.Digest, second.Digest);
        }

        Assert.Equal(first.TakeSnapshot(), second.TakeSnapshot());
        Assert.Equal(first.Hash, second.Hash);
    });

    [Fact]
    public void A_replica_that_is_restored_goes_on_like_one_that_was_not() => GraphChoices.Check(tests: 100, sizeMax: 1500, choices =>
    {
        ReplicatedStateMachine lived = new(Options, new NoProbes());
        ReplicatedStateMachine restored = new(Options, new NoProbes());
        while (choices.AreLeft)
        {
            if (choices.Next(6) == 5)
            {
                ReplicatedStateMachine fresh = new(Options, new NoProbes());
                byte[] snapshot = lived.TakeSnapshot();
                fresh.Restore(snapshot, new LogPosition(lived.AppliedIndex, lived.AppliedTerm));
                Assert.Equal(snapshot, fresh.TakeSnapshot());
                restored = fresh;
            }

            LogEntry entry = Entry(choices, lived);
            Assert.Equal(lived.Apply(entry).ToArray(), restored.Apply(entry).ToArray());
            Assert.Equal(lived.Digest, restored.Digest);
        }

        Assert.Equal(lived.TakeSnapshot(), restored.TakeSnapshot());
    });

    [Fact]
    public void The_digest_of_sessions_equals_the_one_computed_from_scratch() => GraphChoices.Check(tests: 100, sizeMax: 800, choices =>
    {
        ReplicatedStateMachine machine = new(Options, new NoProbes());
        while (choices.AreLeft)
        {
            byte[] sessionsBefore = machine.TakeSnapshot();
            UInt128 digestBefore = machine.Digest;
            machine.Apply(Entry(choices, machine));
            ReplicatedStateMachine fresh = new(Options, new NoProbes());
            fresh.Restore(machine.TakeSnapshot(), new LogPosition(machine.AppliedIndex, machine.AppliedTerm));
            Assert.Equal(fresh.Digest, machine.Digest);

            // All but the applied position at the front is in the digest.
            bool same = sessionsBefore.AsSpan(22).SequenceEqual(machine.TakeSnapshot().AsSpan(22));
            Assert.Equal(same, digestBefore == machine.Digest);
        }
    });

    [Fact]
    public void Retries_in_any_number_change_nothing_in_the_graph() => GraphChoices.Check(tests: 100, sizeMax: 800, choices =>
    {
        ReplicatedStateMachine once = new(Options, new NoProbes());
        ReplicatedStateMachine retried = new(Options, new NoProbes());
        byte[] open = GraphScript.Bytes(ClientCommand.OpenSession.Encode);
        once.Apply(new LogEntry(1, 1, LogEntryKind.Command, open));
        retried.Apply(new LogEntry(1, 1, LogEntryKind.Command, open));
        for (ulong request = 1; choices.AreLeft; request++)
        {
            byte[] command = GraphScript.Bytes(GraphScript.Command(
                choices, [.. once.Graph.ListNodes().Select(node => node.Id)], [.. once.Graph.ListEdges().Select(edge => edge.Id)]).Encode);
            byte[] payload = GraphScript.Bytes(ClientCommand.Write(1, request, command).Encode);

            // Padding keeps both logs at the same index, so that ids are comparable.
            byte[] result = once.Apply(new LogEntry(once.AppliedIndex + 1, 1, LogEntryKind.Command, payload)).ToArray();
            Assert.Equal(result, retried.Apply(new LogEntry(retried.AppliedIndex + 1, 1, LogEntryKind.Command, payload)).ToArray());
            for (int retries = choices.Next(3); retries > 0; retries--)
            {
                once.Apply(new LogEntry(once.AppliedIndex + 1, 1, LogEntryKind.NoOperation, default));
                Assert.Equal(result, retried.Apply(new LogEntry(retried.AppliedIndex + 1, 1, LogEntryKind.Command, payload)).ToArray());
            }
        }

        Assert.Equal(GraphScript.Bytes(once.Graph.WriteSnapshot), GraphScript.Bytes(retried.Graph.WriteSnapshot));
    });

    [Fact]
    public void Client_commands_and_results_come_back_equal_and_damage_is_refused() => GraphChoices.Check(tests: 300, sizeMax: 60, choices =>
    {
        ReplicatedStateMachine machine = new(Options, new NoProbes());
        while (choices.AreLeft)
        {
            LogEntry entry = Entry(choices, machine);
            byte[] result = machine.Apply(entry).ToArray();
            if (entry.Kind != LogEntryKind.Command)
            {
                continue;
            }

            Assert.Equal(result, GraphScript.Bytes(ClientResult.Decode(result).Encode));
            Assert.Equal(ClientResult.Decode(result), ClientResult.Decode(result));
            Assert.Throws<FormatException>(() => ClientResult.Decode([.. result, 0]));
            Assert.Throws<FormatException>(() => ClientResult.Decode(result.AsSpan(0, result.Length - 1)));
            if (ClientResult.Decode(result).Status != ClientResultStatus.Malformed)
            {
                Assert.Equal(entry.Payload.ToArray(), GraphScript.Bytes(ClientCommand.Decode(entry.Payload).Encode));
            }
        }
    });

    /// <summary>The next entry of a random log: sessions that open, writes with new, repeated, old and unknown numbers, and garbage.</summary>
    private static LogEntry Entry(GraphChoices choices, ReplicatedStateMachine machine)
    {
        ulong index = machine.AppliedIndex + 1;
        ulong term = machine.AppliedTerm + (choices.Next(20) == 19 ? 1UL : 0UL);
        switch (choices.Next(10))
        {
            case 0 or 1:
                return new LogEntry(index, term, LogEntryKind.Command, GraphScript.Bytes(ClientCommand.OpenSession.Encode));
            case 2:
                return new LogEntry(index, term, LogEntryKind.NoOperation, default);
            case 3:
                byte[] garbage = new byte[choices.Next(30)];
                for (int i = 0; i < garbage.Length; i++)
                {
                    garbage[i] = (byte)choices.Next(256);
                }

                return new LogEntry(index, term, LogEntryKind.Command, garbage);
            default:
                GraphCommand command = GraphScript.Command(
                    choices,
                    [.. machine.Graph.ListNodes().Select(node => node.Id)],
                    [.. machine.Graph.ListEdges().Select(edge => edge.Id)]);
                byte[] bytes = GraphScript.Bytes(command.Encode);
                if (choices.Next(10) == 9)
                {
                    bytes[choices.Next(bytes.Length)] ^= 255;
                }

                ulong session = 1 + (ulong)choices.Next((int)index);
                return new LogEntry(
                    index, term, LogEntryKind.Command, GraphScript.Bytes(ClientCommand.Write(session, 1 + (ulong)choices.Next(6), bytes).Encode));
        }
    }
}
