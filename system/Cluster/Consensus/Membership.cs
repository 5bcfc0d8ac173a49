// The configuration of a cluster: who votes, who only listens, and where they are. It is the payload of a log entry, so its encoding is canonical: equal
// configurations have equal bytes. (Dissertation chapter 4.)
//
// Encoding, little-endian: version u8 (1), voters u16, learners u16, then each voter and each learner, in ascending order of ids: id i32, priority u8,
// length of the address u16, address in UTF-8.

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace SimGraph.Cluster.Consensus;

/// <summary>Who belongs to a cluster. Immutable; equal by content.</summary>
public sealed class Membership : IEquatable<Membership>
{
    /// <summary>Most voters of a group, and most learners.</summary>
    public const int VotersMax = 255;

    /// <summary>Longest address in UTF-8 bytes.</summary>
    public const int AddressBytesMax = 300;

    private const byte FormatVersion = 1;
    private const int HeadBytes = 5;
    private const int MemberHeadBytes = 7;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="voters">Who votes, in any order.</param>
    /// <param name="learners">Who gets the log without a vote, in any order.</param>
    /// <exception cref="ArgumentException">Somebody is named twice, or is nobody, or there are too many.</exception>
    public Membership(IEnumerable<Member> voters, IEnumerable<Member> learners)
    {
        Voters = [.. voters.OrderBy(static member => member.Id)];
        Learners = [.. learners.OrderBy(static member => member.Id)];
        Validate(Voters);
        Validate(Learners);
        foreach (Member learner in Learners)
        {
            if (IsVoter(learner.Id))
            {
                throw new ArgumentException($"Membership: node {learner.Id} is named as voter and as learner.");
            }
        }
    }

    /// <summary>Nobody: what a node begins with that is to join a cluster.</summary>
    public static Membership Empty { get; } = new([], []);

    /// <summary>Who votes, in ascending order of ids.</summary>
    public ImmutableArray<Member> Voters { get; }

    /// <summary>Who gets the log without a vote, in ascending order of ids.</summary>
    public ImmutableArray<Member> Learners { get; }

    /// <summary>Voters without addresses, all of the same priority.</summary>
    public static Membership OfVoters(params IEnumerable<NodeId> voters) => new(voters.Select(static id => new Member(id, string.Empty)), []);

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="FormatException">The bytes are not the encoding of a membership of a known version.</exception>
    public static Membership Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadBytes || bytes[0] != FormatVersion)
        {
            throw new FormatException(
                $"Membership: expected version {FormatVersion}, found {bytes.Length} bytes" + (bytes.IsEmpty ? "." : $" of version {bytes[0]}."));
        }

        int voters = BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]);
        int learners = BinaryPrimitives.ReadUInt16LittleEndian(bytes[3..]);
        ReadOnlySpan<byte> rest = bytes[HeadBytes..];
        Membership read;
        try
        {
            read = new Membership(ReadMembers(ref rest, voters), ReadMembers(ref rest, learners));
        }
        catch (ArgumentException exception)
        {
            throw new FormatException(exception.Message, exception);
        }

        return rest.IsEmpty ? read : throw new FormatException($"Membership: {rest.Length} bytes too many.");
    }

    /// <summary>The stored form.</summary>
    public byte[] Encode()
    {
        int length = HeadBytes;
        foreach (Member member in Voters.AsSpan())
        {
            length += MemberHeadBytes + StrictUtf8.GetByteCount(member.Address);
        }

        foreach (Member member in Learners.AsSpan())
        {
            length += MemberHeadBytes + StrictUtf8.GetByteCount(member.Address);
        }

        byte[] bytes = new byte[length];
        bytes[0] = FormatVersion;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(1), (ushort)Voters.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(3), (ushort)Learners.Length);
        WriteMembers(Learners, WriteMembers(Voters, bytes.AsSpan(HeadBytes)));
        return bytes;
    }

    /// <summary>Whether a node votes.</summary>
    public bool IsVoter(NodeId id) => IndexOf(Voters, id) >= 0;

    /// <summary>Whether a node votes or listens.</summary>
    public bool Contains(NodeId id) => Find(id) is not null;

    /// <summary>The member with an id; null if there is none.</summary>
    public Member? Find(NodeId id)
    {
        int voter = IndexOf(Voters, id);
        if (voter >= 0)
        {
            return Voters[voter];
        }

        int learner = IndexOf(Learners, id);
        return learner >= 0 ? Learners[learner] : null;
    }

    /// <summary>With one more learner.</summary>
    public Membership WithLearner(Member member) => new(Voters, Learners.Add(member));

    /// <summary>With a learner turned into a voter.</summary>
    public Membership WithPromoted(NodeId id) => new(Voters.Add(Learners[IndexOf(Learners, id)]), Learners.Where(member => member.Id != id));

    /// <summary>Without a member.</summary>
    public Membership Without(NodeId id) => new(Voters.Where(member => member.Id != id), Learners.Where(member => member.Id != id));

    /// <inheritdoc/>
    public bool Equals(Membership? other) =>
        other is not null && Voters.AsSpan().SequenceEqual(other.Voters.AsSpan()) && Learners.AsSpan().SequenceEqual(other.Learners.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Membership);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Voters.Length, Learners.Length);

    /// <inheritdoc/>
    public override string ToString() => $"voters {string.Join(' ', Voters.Select(static member => member.Id))}" +
        (Learners.IsEmpty ? string.Empty : $" learners {string.Join(' ', Learners.Select(static member => member.Id))}");

    private static int IndexOf(ImmutableArray<Member> members, NodeId id)
    {
        int low = 0;
        int high = members.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = members[middle].Id.CompareTo(id);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    private static void Validate(ImmutableArray<Member> members)
    {
        if (members.Length > VotersMax)
        {
            throw new ArgumentException($"Membership: {members.Length} members; at most {VotersMax} voters and as many learners are allowed.");
        }

        for (int i = 0; i < members.Length; i++)
        {
            Member member = members[i];
            if (member.Id.Value < 1)
            {
                throw new ArgumentException($"Membership: {member.Id} is not a node id; ids begin at 1.");
            }

            if (i > 0 && members[i - 1].Id == member.Id)
            {
                throw new ArgumentException($"Membership: node {member.Id} is named twice.");
            }

            if (StrictUtf8.GetByteCount(member.Address) > AddressBytesMax)
            {
                throw new ArgumentException($"Membership: the address of node {member.Id} is longer than {AddressBytesMax} bytes.");
            }
        }
    }

    private static List<Member> ReadMembers(ref ReadOnlySpan<byte> rest, int count)
    {
        var members = new List<Member>();
        for (int i = 0; i < count; i++)
        {
            int length = rest.Length < MemberHeadBytes ? int.MaxValue : BinaryPrimitives.ReadUInt16LittleEndian(rest[5..]);
            if (length > rest.Length - MemberHeadBytes)
            {
                throw new FormatException($"Membership: ends within member {i + 1} of {count}.");
            }

            var id = new NodeId(BinaryPrimitives.ReadInt32LittleEndian(rest));
            if (i > 0 && id <= members[i - 1].Id)
            {
                throw new FormatException($"Membership: node {id} is not in ascending order.");
            }

            members.Add(new Member(id, StrictUtf8.GetString(rest.Slice(MemberHeadBytes, length)), rest[4]));
            rest = rest[(MemberHeadBytes + length)..];
        }

        return members;
    }

    private static Span<byte> WriteMembers(ImmutableArray<Member> members, Span<byte> target)
    {
        foreach (Member member in members.AsSpan())
        {
            int length = StrictUtf8.GetBytes(member.Address, target[MemberHeadBytes..]);
            BinaryPrimitives.WriteInt32LittleEndian(target, member.Id.Value);
            target[4] = member.Priority;
            BinaryPrimitives.WriteUInt16LittleEndian(target[5..], (ushort)length);
            target = target[(MemberHeadBytes + length)..];
        }

        return target;
    }
}
