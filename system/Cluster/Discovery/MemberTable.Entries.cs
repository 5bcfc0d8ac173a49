namespace SimGraph.Cluster.Discovery;

/// <content>What is remembered of each member, and what is answered to records.</content>
public sealed partial class MemberTable
{
    private static Admission Welcome(ulong epoch) => new(AdmissionVerdict.Welcome, epoch, string.Empty);

    private static Admission Stale(MemberRecord record, ulong known) => new(
        AdmissionVerdict.Fenced,
        known,
        $"epoch {record.Epoch} of node {record.Node.Value} at {record.Address} is stale, epoch {known} is known: a clone, or a wiped disk; give it a new node id");

    private static Admission Rival(MemberRecord refused, MemberRecord holder) => new(
        AdmissionVerdict.Conflict,
        holder.Epoch,
        $"node {refused.Node.Value} of epoch {refused.Epoch} claims to be at {refused.Address}, and is known at {holder.Address}: two machines have one identity; stop one of them");

    private enum Source
    {
        Hearsay,
        Announcement,
        Answer,
    }

    private sealed class Entry(MemberRecord record, TimeSpan now)
    {
        internal MemberRecord Record { get; set; } = record;

        internal TimeSpan KnownSince { get; set; } = now;

        internal TimeSpan? FirstHeard { get; set; }

        internal TimeSpan? LastHeard { get; set; }

        internal TimeSpan SilentSince => LastHeard ?? KnownSince;

        internal MemberState Told { get; set; } = MemberState.Unheard;

        internal MemberRecord? ReportedRival { get; set; }
    }

    private sealed class Fence(ulong epoch, long number)
    {
        internal ulong Epoch { get; } = epoch;

        internal long Number { get; } = number;

        internal MemberRecord? ReportedRival { get; set; }
    }
}
