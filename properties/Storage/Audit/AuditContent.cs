using System.Globalization;
using SimGraph.Storage.Audit;

namespace SimGraph.Properties.Storage.Audit;

/// <summary>Everything that a log holds.</summary>
/// <param name="Check">Its integrity check.</param>
/// <param name="Records">Its events; empty if the check found a bad line.</param>
internal sealed record AuditContent(AuditVerification Check, IReadOnlyList<AuditRecord> Records)
{
    /// <summary>Number of the first event.</summary>
    public ulong First => Records.Count > 0 ? Records[0].Sequence : Check.FirstSequence;

    /// <summary>Number of the last event.</summary>
    public ulong Last => Check.LastSequence;

    /// <summary>Reads a log.</summary>
    public static async Task<AuditContent> ReadAsync(AuditLog log, CancellationToken stop)
    {
        AuditVerification check = await log.VerifyAsync(stop);
        var records = new List<AuditRecord>();
        if (check.IsSound)
        {
            await log.ReadAsync(
                AuditFilter.All,
                record =>
                {
                    records.Add(record);
                    return ValueTask.FromResult(true);
                },
                stop);
        }

        return new AuditContent(check, records);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"events {First} to {Last} in {Check.Files} files, the last of them '{(Records.Count > 0 ? Records[^1].Resource : "none")}'");
}
