using SimGraph.Replication.Wire;
using SimGraph.Storage.Log;

namespace SimGraph.Replication.Fanout.Wire;

/// <summary>A read replica says how far it is.</summary>
internal readonly record struct ReportMessage(ulong Number, LogPosition Applied, ulong DurableIndex)
{
    public byte[] Encode()
    {
        var writer = new FanoutWriter(FanoutKind.Report, 4 * sizeof(ulong));
        writer.WriteUInt64(Number);
        writer.WriteUInt64(Applied.Index);
        writer.WriteUInt64(Applied.Term);
        writer.WriteUInt64(DurableIndex);
        return writer.Finish();
    }

    /// <exception cref="ProtocolException">Not a report.</exception>
    public static ReportMessage Decode(ReadOnlySpan<byte> payload)
    {
        WireReader reader = FanoutReader.Body(payload, "report");
        var report = new ReportMessage(reader.ReadUInt64(), reader.ReadPosition(), reader.ReadUInt64());
        reader.End();
        return report;
    }
}
