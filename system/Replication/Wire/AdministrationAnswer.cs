using System.Buffers.Binary;
using SimGraph.Cluster.Consensus;

namespace SimGraph.Replication.Wire;

/// <summary>Body of the answer to an <see cref="AdministrationRequest"/>: index u64, encoded membership.</summary>
/// <param name="Index">Index of the log entry that holds the membership; 0 for the one that the cluster began with.</param>
/// <param name="Membership">The membership that is in force.</param>
internal sealed record AdministrationAnswer(ulong Index, Membership Membership)
{
    /// <exception cref="ProtocolException">Not such an answer.</exception>
    public static AdministrationAnswer Decode(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body, "administration answer");
        ulong index = reader.ReadUInt64();
        try
        {
            return new AdministrationAnswer(index, Membership.Decode(reader.ReadRest()));
        }
        catch (FormatException exception) when (exception is not ProtocolException)
        {
            throw new ProtocolException($"administration answer: {exception.Message}");
        }
    }

    public byte[] Encode()
    {
        byte[] membership = Membership.Encode();
        byte[] bytes = new byte[sizeof(ulong) + membership.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Index);
        membership.CopyTo(bytes, sizeof(ulong));
        return bytes;
    }
}
