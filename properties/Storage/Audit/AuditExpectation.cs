using System.Collections.Immutable;
using SimGraph.Storage.Audit;

namespace SimGraph.Properties.Storage.Audit;

/// <summary>What an audit log must hold, and what it may hold besides. Immutable.</summary>
/// <param name="Certain">The resources of the acknowledged events, from number 1 on, also of those that retention may have removed.</param>
/// <param name="LastHash">The hash that was given out with the last of them, which covers them all; null if that was not learnt.</param>
/// <param name="Pending">What was appended behind them and not acknowledged, in order: any prefix may be there.</param>
/// <param name="MayRetire">Whether retention was ever on.</param>
internal sealed record AuditExpectation(ImmutableList<string> Certain, string? LastHash, ImmutableList<string> Pending, bool MayRetire)
{
    public static AuditExpectation Nothing { get; } = new([], null, [], false);

    /// <summary>Everything up to this position was acknowledged.</summary>
    public AuditExpectation Acknowledged(AuditPosition position)
    {
        int count = (int)position.Sequence - Certain.Count;
        return count <= 0 ? this : this with
        {
            Certain = Certain.AddRange(Pending.GetRange(0, count)),
            LastHash = position.Hash,
            Pending = Pending.RemoveRange(0, count),
        };
    }

    /// <summary>This is what was found, and from then on it is certain. It must be among what may be there.</summary>
    /// <exception cref="StorageViolationException">It is not.</exception>
    public AuditExpectation Find(AuditContent found)
    {
        string shown = $"the log holds {found}, but certain are {Certain.Count} events, and {Pending.Count} more were appended";
        if (found.Check.FirstBad is { } defect)
        {
            throw new StorageViolationException("audit.not-sound", $"{defect}; {shown}");
        }

        if (found.First > 1 && !MayRetire)
        {
            throw new StorageViolationException("audit.acknowledged-lost", $"{shown}; nothing may be removed");
        }

        if (found.Last < (ulong)Certain.Count)
        {
            throw new StorageViolationException("audit.acknowledged-lost", shown);
        }

        if (!IsPrefixOf(Certain.AddRange(Pending), found) || !HashHolds(found))
        {
            throw new StorageViolationException("audit.impossible-content", shown);
        }

        int count = (int)found.Last;
        return new AuditExpectation(
            Certain.AddRange(Pending.GetRange(0, count - Certain.Count)), found.Check.LastHash, [], MayRetire);
    }

    /// <summary>Whether what was found is the beginning of this log, some of which retention may have removed.</summary>
    public bool BeginsWith(AuditContent found) => IsPrefixOf(Certain.AddRange(Pending), found);

    private static bool IsPrefixOf(ImmutableList<string> all, AuditContent found)
    {
        if (found.Last > (ulong)all.Count)
        {
            return false;
        }

        for (int i = 0; i < found.Records.Count; i++)
        {
            AuditRecord record = found.Records[i];
            if (record.Sequence != found.First + (ulong)i || !string.Equals(record.Resource, all[(int)record.Sequence - 1], StringComparison.Ordinal)
                || !AuditTexts.IsRight(record))
            {
                return false;
            }
        }

        return true;
    }

    private bool HashHolds(AuditContent found)
    {
        if (LastHash is null || Certain.IsEmpty)
        {
            return true;
        }

        // A hash covers its event and all before it. If retention removed the event, the anchor vouches for it.
        int index = Certain.Count - (int)found.First;
        return index < 0 || string.Equals(found.Records[index].Hash, LastHash, StringComparison.Ordinal);
    }
}
