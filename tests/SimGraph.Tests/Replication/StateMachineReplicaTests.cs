using SimGraph.Replication.StateMachine;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;
using SimGraph.Tests.Storage;
using Xunit;

namespace SimGraph.Tests.Replication;

/// <summary>Random logs: what two replicas make of the same one.</summary>
public sealed class StateMachineReplicaTests
{
    private const int SessionsMax = 4;

    [Fact]
    public void The_same_log_gives_the_same_results_and_bytes() => GraphChoices.Check(tests: 60, sizeMax: 1000, choices =>
    {
        using StateMachineUnderTest first = new(SessionsMax);
        using StateMachineUnderTest second = new(SessionsMax);
        while (choices.AreLeft)
        {
            LogEntry entry = Entry(choices, first);
            Assert.Equal(first.Apply(entry).ToArray(), second.Apply(entry with { Payload = entry.Payload.ToArray() }).ToArray());
            Assert.Equal(first.Machine.Digest, second.Machine.Digest);
            if (choices.Next(16) == 15)
            {
                second.Restart();
            }
        }

        Assert.Equal(first.Content(), second.Content());
    });

    [Fact]
    public void A_replica_that_got_its_state_from_another_goes_on_like_one_that_did_not() => GraphChoices.Check(tests: 60, sizeMax: 1000, choices =>
    {
        using StateMachineUnderTest lived = new(SessionsMax);
        using StateMachineUnderTest installed = new(SessionsMax);
        bool isBehind = false;
        while (choices.AreLeft)
        {
            LogEntry entry = Entry(choices, lived);
            ReadOnlyMemory<byte> result = lived.Apply(entry);
            if (isBehind && choices.Next(4) == 3)
            {
                installed.InstallFrom(lived);
                isBehind = false;
                Assert.Equal(lived.Machine.Applied, installed.Machine.Applied);
                Assert.Equal(lived.Content(), installed.Content());
            }
            else if (!isBehind && choices.Next(8) == 7)
            {
                isBehind = true;
            }
            else if (!isBehind)
            {
                Assert.Equal(result.ToArray(), installed.Apply(entry).ToArray());
            }

            Assert.True(isBehind || lived.Machine.Digest == installed.Machine.Digest);
        }
    });

    [Fact]
    public void The_digest_says_whether_anything_changed() => GraphChoices.Check(tests: 40, sizeMax: 400, choices =>
    {
        using StateMachineUnderTest machine = new(SessionsMax);
        while (choices.AreLeft)
        {
            byte[] contentBefore = machine.Substance();
            UInt128 digestBefore = machine.Machine.Digest;
            machine.Apply(Entry(choices, machine));
            Assert.Equal(contentBefore.AsSpan().SequenceEqual(machine.Substance()), machine.Machine.Digest == digestBefore);
            if (choices.Next(8) == 7)
            {
                UInt128 digest = machine.Machine.Digest;
                machine.Restart();
                Assert.Equal(digest, machine.Machine.Digest);
            }
        }
    });

    [Fact]
    public void Retries_in_any_number_change_nothing_in_the_graph() => GraphChoices.Check(tests: 60, sizeMax: 800, choices =>
    {
        using StateMachineUnderTest once = new(SessionsMax);
        using StateMachineUnderTest retried = new(SessionsMax);
        byte[] open = GraphScript.Bytes(ClientCommand.OpenSession.Encode);
        once.Apply(new LogEntry(1, 1, LogEntryKind.Command, open));
        retried.Apply(new LogEntry(1, 1, LogEntryKind.Command, open));
        for (ulong request = 1; choices.AreLeft; request++)
        {
            byte[] command = GraphScript.Bytes(GraphScript.Command(choices, [.. once.Nodes], [.. once.Edges]).Encode);
            byte[] payload = GraphScript.Bytes(ClientCommand.Write(1, request, command).Encode);

            // Padding keeps both logs at the same index, so that ids are comparable.
            byte[] result = once.Apply(new LogEntry(once.Machine.AppliedIndex + 1, 1, LogEntryKind.Command, payload)).ToArray();
            Assert.Equal(result, retried.Apply(new LogEntry(retried.Machine.AppliedIndex + 1, 1, LogEntryKind.Command, payload)).ToArray());
            for (int retries = choices.Next(3); retries > 0; retries--)
            {
                once.Apply(new LogEntry(once.Machine.AppliedIndex + 1, 1, LogEntryKind.NoOperation, default));
                Assert.Equal(result, retried.Apply(new LogEntry(retried.Machine.AppliedIndex + 1, 1, LogEntryKind.Command, payload)).ToArray());
            }
        }

        Assert.Equal(once.Machine.Graph.Digest, retried.Machine.Graph.Digest);
    });

    [Fact]
    public void Client_commands_and_results_come_back_equal_and_damage_is_refused() => GraphChoices.Check(tests: 300, sizeMax: 60, choices =>
    {
        using StateMachineUnderTest machine = new(SessionsMax);
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
    private static LogEntry Entry(GraphChoices choices, StateMachineUnderTest machine)
    {
        ulong index = machine.Machine.AppliedIndex + 1;
        ulong term = machine.Machine.AppliedTerm + (choices.Next(20) == 19 ? 1UL : 0UL);
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
                GraphCommand command = GraphScript.Command(choices, [.. machine.Nodes], [.. machine.Edges]);
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
