using SimGraph.Cluster.Consensus;
using SimGraph.Cluster.Discovery;
using Xunit;
using static SimGraph.Tests.Cluster.Discovery.MemberSamples;

namespace SimGraph.Tests.Cluster.Discovery;

public sealed class MemberTableTests
{
    private static readonly NodeId Two = new(2);

    [Theory]
    [InlineData(2, AdmissionVerdict.Fenced)]
    [InlineData(1, AdmissionVerdict.Welcome)]
    public void An_older_boot_of_a_forgotten_member_stays_refused_as_long_as_there_is_room_for_its_epoch(int fencesMax, AdmissionVerdict verdict)
    {
        MemberTable table = Table(new MemberTableOptions { FencesMax = fencesMax });
        table.HearAnswer(Record(2, epoch: 5), At(0), At(0));
        table.HearAnswer(Record(3, epoch: 1), At(0), At(0));
        Assert.True(table.Forget(new NodeId(2)));
        Assert.True(table.Forget(new NodeId(3)));
        Assert.Equal(verdict, table.HearAnswer(Record(2, epoch: 4), At(1), At(1)).Verdict);
    }

    [Fact]
    public void A_member_is_alive_by_its_answer_suspect_after_two_missed_heartbeats_and_dead_after_three()
    {
        MemberTable table = Table();
        table.HearHearsay(Record(2), At(0));
        Assert.Equal(MemberState.Unheard, StateAt(table, 0));
        table.HearAnswer(Record(2), askedAt: At(1), now: At(1.5));
        Assert.Equal(MemberState.Alive, StateAt(table, 1.5));
        Assert.Equal(MemberState.Alive, StateAt(table, 2.999));
        table.Tick(At(3));
        Assert.Equal(MemberState.Suspect, StateAt(table, 3));
        Assert.Equal(MemberState.Suspect, StateAt(table, 3.999));
        table.Tick(At(4));
        Assert.Equal(MemberState.Dead, StateAt(table, 4));
        table.HearAnswer(Record(2), askedAt: At(4.5), now: At(5));
        Assert.Equal(MemberState.Alive, StateAt(table, 5));
        Assert.Equal(
            [MemberEventKind.Joined, MemberEventKind.Alive, MemberEventKind.Suspect, MemberEventKind.Dead, MemberEventKind.Alive],
            table.TakeEvents().Select(change => change.Kind));
    }

    [Fact]
    public void An_answer_counts_from_when_it_was_asked_for()
    {
        MemberTable table = Table();
        table.HearAnswer(Record(2), askedAt: At(1), now: At(100));
        Assert.Equal(MemberState.Dead, StateAt(table, 100));
        table.HearAnswer(Record(2), askedAt: At(99), now: At(100));
        table.HearAnswer(Record(2), askedAt: At(98), now: At(100));
        Assert.Equal(At(99), table.Snapshot(At(100)).Find(Two)!.LastHeard);
    }

    [Fact]
    public void Neither_hearsay_nor_an_announcement_brings_a_member_to_life()
    {
        MemberTable table = Table();
        table.HearAnswer(Record(2), At(0), At(0));
        table.Tick(At(10));
        table.HearHearsay(Record(2, revision: 1), At(10));
        table.HearAnnouncement(Record(2, revision: 2), At(10));
        Assert.Equal(MemberState.Dead, StateAt(table, 10));
        table.HearAnnouncement(Record(2, epoch: 2, place: 2), At(10));
        Assert.Equal(MemberState.Unheard, StateAt(table, 10));
        Assert.False(table.Snapshot(At(10)).HasQuorum);
    }

    [Fact]
    public void A_lower_epoch_is_refused_and_a_higher_one_replaces_and_has_to_be_heard()
    {
        MemberTable table = Table();
        table.HearAnswer(Record(2, epoch: 5), At(0), At(0));
        Admission refused = table.HearAnswer(Record(2, epoch: 4, place: 2), At(0.1), At(0.1));
        Assert.Equal((AdmissionVerdict.Fenced, 5UL), (refused.Verdict, refused.KnownEpoch));
        Assert.Contains("epoch 4 of node 2 at n2:7002 is stale, epoch 5 is known", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(5UL, table.Find(Two)!.Epoch);
        Assert.True(table.HearHearsay(Record(2, epoch: 6, place: 3), At(0.2)).IsWelcome);
        Assert.Equal(MemberState.Unheard, StateAt(table, 0.2));
        Assert.Equal(
            [MemberEventKind.Joined, MemberEventKind.Alive, MemberEventKind.Fenced, MemberEventKind.AddressChanged],
            table.TakeEvents().Select(change => change.Kind));
    }

    [Fact]
    public void Of_two_machines_with_one_identity_the_first_heard_keeps_it_and_the_other_is_reported_once()
    {
        MemberTable table = Table();
        table.HearHearsay(Record(2, place: 1), At(0));
        Assert.True(table.HearAnswer(Record(2, place: 2), At(0), At(0)).IsWelcome);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(AdmissionVerdict.Conflict, table.HearAnswer(Record(2, place: 1), At(0.1), At(0.1)).Verdict);
        }

        Assert.Equal(9002, table.Find(Two)!.DiscoveryAddress.Port);
        MemberEvent[] fenced = [.. table.TakeEvents().Where(change => change.Kind == MemberEventKind.Fenced)];
        Assert.Equal(2, fenced.Length);
        Assert.All(fenced, change => Assert.Contains("two machines have one identity", change.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void The_silent_are_forgotten_and_their_older_boots_stay_refused()
    {
        MemberTable table = Table(new MemberTableOptions { ExpireAfter = At(20) });
        table.HearAnswer(Record(2, epoch: 3), At(0), At(0));
        table.HearHearsay(Record(3), At(5));
        for (int i = 6; i < 20; i++)
        {
            // Hearsay again and again prolongs nothing.
            table.HearHearsay(Record(2, epoch: 3), At(i));
            table.HearHearsay(Record(3), At(i));
            table.Tick(At(i));
        }

        table.Tick(At(20));
        Assert.Null(table.Find(Two));
        table.Tick(At(25));
        Assert.Equal(1, table.Count);
        Assert.Equal(AdmissionVerdict.Fenced, table.HearAnswer(Record(2, epoch: 2, place: 2), At(26), At(26)).Verdict);
        Assert.True(table.HearAnswer(Record(2, epoch: 3), At(26), At(26)).IsWelcome);
    }

    [Fact]
    public void The_dead_and_the_unheard_are_not_told_on()
    {
        MemberTable table = Table();
        table.HearAnswer(Record(2), At(0), At(0));
        table.HearAnswer(Record(3), At(8), At(8));
        table.HearAnswer(Record(4), At(8), At(8));
        table.HearHearsay(Record(5), At(8));
        Assert.Equal([3], table.ToTell(new NodeId(4), At(9)).Select(record => record.Node.Value));
    }

    [Fact]
    public void This_node_is_alive_to_itself_for_ever_and_has_a_quorum_of_one()
    {
        MemberTable table = Table();
        table.Tick(At(1_000_000));
        MemberSnapshot alone = table.Snapshot(At(1_000_000));
        Assert.True(alone.HasQuorum);
        Assert.Equal((MemberState.Alive, At(1_000_000)), (alone.Find(new NodeId(1))!.State, alone.Find(new NodeId(1))!.LastHeard!.Value));
        table.HearHearsay(Record(2), At(1_000_000));
        table.HearHearsay(Record(3), At(1_000_000));
        Assert.False(table.Snapshot(At(1_000_000)).HasQuorum);
        table.HearAnswer(Record(3), At(1_000_000), At(1_000_000));
        MemberSnapshot two = table.Snapshot(At(1_000_000));
        Assert.True(two.HasQuorum);
        Assert.True(two.HasQuorumOf([new NodeId(1), new NodeId(2), new NodeId(3)]));
        Assert.False(two.HasQuorumOf([new NodeId(1), new NodeId(2), new NodeId(9)]));
    }

    [Fact]
    public void A_rival_for_this_nodes_own_identity_is_reported_once_and_changes_nothing()
    {
        MemberTable table = Table();
        Assert.Equal(AdmissionVerdict.Fenced, table.HearHearsay(Record(1, epoch: 2, place: 2), At(0)).Verdict);
        Assert.Equal(AdmissionVerdict.Conflict, table.HearAnswer(Record(1, place: 2), At(0), At(0)).Verdict);
        Assert.Equal([MemberEventKind.SelfFenced], table.TakeEvents().Select(change => change.Kind));
        Assert.Contains("epoch 2", table.FencedBecause, StringComparison.Ordinal);
        Assert.Equal(Record(1), table.Own);
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void Queries_follow_roles_terms_and_health()
    {
        MemberTable table = Table();
        table.HearAnswer(Record(2, revision: 4) with { Role = MemberRole.Primary }, At(0), At(0));
        table.HearAnswer(Record(3, revision: 5) with { Role = MemberRole.Primary }, At(0), At(0));
        table.HearAnswer(Record(4, revision: 9) with { Role = MemberRole.Primary }, At(-9), At(0));
        MemberSnapshot members = table.Snapshot(At(0));
        Assert.Equal(3, members.Primary!.Node.Value);
        Assert.Equal(["n3:7001", "n1:7001", "n2:7001"], members.Addresses.Select(address => address.ToString()));
        Assert.Equal([2, 3, 4], members.ByRole(MemberRole.Primary).Select(member => member.Node.Value));
        Assert.Equal([1, 2, 3], members.HeardWithin(At(1)).Select(member => member.Node.Value));
        Assert.Equal((3, 1), (members.Count(MemberState.Alive), members.Count(MemberState.Dead)));
        Assert.True(table.UpdateSelf(MemberRole.Primary, 6, 1));
        Assert.Equal(1, table.Snapshot(At(0)).Primary!.Node.Value);
        Assert.Equal(1UL, table.Own.Revision);
    }

    [Fact]
    public void A_full_table_refuses_hearsay_and_gives_the_place_of_the_silent_to_who_speaks_for_itself()
    {
        MemberTable table = Table(new MemberTableOptions { MembersMax = 3 });
        table.HearAnswer(Record(2), At(0), At(0));
        table.HearHearsay(Record(3), At(0));
        Assert.Equal(AdmissionVerdict.Full, table.HearHearsay(Record(4), At(0)).Verdict);
        Assert.True(table.HearAnnouncement(Record(4), At(0)).IsWelcome);
        Assert.Null(table.Find(new NodeId(3)));
        Assert.True(table.HearAnswer(Record(4), At(0), At(0)).IsWelcome);
        Assert.Equal(AdmissionVerdict.Full, table.HearAnswer(Record(5), At(0), At(0)).Verdict);
    }

    private static MemberState StateAt(MemberTable table, double seconds) => table.Snapshot(At(seconds)).Find(Two)!.State;
}
