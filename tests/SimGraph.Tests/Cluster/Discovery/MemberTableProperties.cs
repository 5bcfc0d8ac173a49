// Any sequence of answers, announcements, hearsay, ticks and removals, against a small model: the list of what the member itself answered.

using FsCheck.Xunit;
using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using Xunit;
using static SimGraph.Tests.Cluster.Discovery.MemberSamples;

namespace SimGraph.Tests.Cluster.Discovery;

public sealed class MemberTableProperties
{
    private static readonly MemberTableOptions Options = new() { ExpireAfter = At(12), MembersMax = 4 };

    [Property(MaxTest = 500, EndSize = 400)]
    public void Only_answers_of_the_present_boot_keep_a_member_alive_and_epochs_never_go_back(byte[] drawn)
    {
        var run = new TableRun();
        for (int i = 0; i + 3 < drawn.Length; i += 4)
        {
            run.Step(drawn[i] % 8, drawn.AsSpan(i + 1, 3));
        }
    }

    private sealed class TableRun
    {
        private readonly MemberTable _table = Table(Options);
        private readonly List<(MemberRecord Record, TimeSpan AskedAt)> _answers = [];
        private readonly SortedDictionary<NodeId, ulong> _epochs = [];
        private readonly SortedDictionary<NodeId, MemberState> _told = [];
        private TimeSpan _now;

        public void Step(int kind, ReadOnlySpan<byte> drawn)
        {
            MemberRecord record = Record(1 + (drawn[0] % 6), 1UL + (ulong)(drawn[0] / 6 % 3), 1 + (drawn[1] % 2), (ulong)(drawn[1] / 2 % 3));
            MemberSnapshot before = _table.Snapshot(_now);
            switch (kind)
            {
                case 0 or 1:
                    TimeSpan askedAt = _now - (At(drawn[2] % 5) / 2);
                    if (_table.HearAnswer(record, askedAt, _now).IsWelcome)
                    {
                        _answers.Add((record, askedAt));
                    }

                    break;
                case 2:
                    CheckChangesNoLife(before, _table.HearAnnouncement(record, _now), record);
                    break;
                case 3 or 4:
                    CheckChangesNoLife(before, _table.HearHearsay(record, _now), record);
                    break;
                case 5:
                    _table.Forget(record.Node);
                    _answers.RemoveAll(answer => answer.Record.Node == record.Node);
                    break;
                case 6:
                    _table.UpdateSelf((MemberRole)(1 + (drawn[1] % 3)), drawn[2], 1);
                    break;
                default:
                    _now += At(drawn[2] % 24) / 4;
                    break;
            }

            // Events tell the states of the last tick.
            _table.Tick(_now);
            Tell();
            CheckMembers(_table.Snapshot(_now));
        }

        private void CheckMembers(MemberSnapshot members)
        {
            Assert.Equal(members.All.OrderBy(member => member.Node).DistinctBy(member => member.Node), members.All);
            Assert.InRange(members.All.Count, 1, Options.MembersMax);
            ObservedMember self = members.Find(members.Self)!;
            Assert.Equal((MemberState.Alive, _now), (self.State, self.LastHeard!.Value));
            Assert.Equal(members.HasQuorum, 2 * members.All.Count(member => member.IsHealthy) > members.All.Count);
            foreach (ObservedMember member in members.All.Where(member => member != self))
            {
                Assert.True(member.Record.Epoch >= _epochs.GetValueOrDefault(member.Node), "an epoch went back");
                _epochs[member.Node] = member.Record.Epoch;
                Assert.True(_now - (member.LastHeard ?? member.KnownSince) < Options.ExpireAfter, "a silent member never expires");
                TimeSpan? heard = member.LastHeard is null ? null : LastAnswer(member.Record);
                Assert.Equal(heard, member.LastHeard);
                Assert.Equal(StateOf(heard), member.State);
                Assert.Equal(member.State, _told[member.Node]);
            }

            Assert.Equal(members.All.Count - 1, _told.Count);
        }

        private TimeSpan? LastAnswer(MemberRecord record) => _answers
            .Where(answer => answer.Record.IsSameProcess(record))
            .Max(answer => (TimeSpan?)answer.AskedAt);

        private MemberState StateOf(TimeSpan? heard) => heard is null ? MemberState.Unheard
            : _now - heard >= At(3) ? MemberState.Dead
            : _now - heard >= At(2) ? MemberState.Suspect
            : MemberState.Alive;

        private void CheckChangesNoLife(MemberSnapshot before, Admission admission, MemberRecord record)
        {
            MemberSnapshot after = _table.Snapshot(_now);
            foreach (ObservedMember member in after.All)
            {
                ObservedMember? was = before.Find(member.Node);
                bool isSame = was is not null && was.State == member.State && was.LastHeard == member.LastHeard && was.Record.IsSameProcess(member.Record);
                Assert.True(isSame || (member.State == MemberState.Unheard && member.Record == record && admission.IsWelcome), "hearsay changed a life");
            }
        }

        private void Tell()
        {
            foreach (MemberEvent change in _table.TakeEvents())
            {
                NodeId node = change.Record.Node;
                switch (change.Kind)
                {
                    case MemberEventKind.Joined:
                        Assert.True(_told.TryAdd(node, MemberState.Unheard));
                        break;
                    case MemberEventKind.Removed:
                        Assert.True(_told.Remove(node));
                        _answers.RemoveAll(answer => answer.Record.Node == node && !_table.Snapshot(_now).All.Any(member => member.Node == node));
                        break;
                    case MemberEventKind.Restarted or MemberEventKind.AddressChanged:
                        _told[node] = MemberState.Unheard;
                        break;
                    case MemberEventKind.Alive or MemberEventKind.Suspect or MemberEventKind.Dead:
                        MemberState state = Enum.Parse<MemberState>(change.Kind.ToString());
                        Assert.NotEqual(state, _told[node]);
                        _told[node] = state;
                        break;
                }
            }
        }
    }
}
