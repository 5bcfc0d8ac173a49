using System.Buffers;
using SimGraph.Storage.Graph;

namespace SimGraph.Replication.StateMachine;

/// <summary>The result of a <see cref="ClientCommand"/>, equal on every replica. Encoded as: status u8, then the session u64 or the outcome.</summary>
public sealed record ClientResult
{
    private ClientResult(ClientResultStatus status) => Status = status;

    /// <summary>What became of the command.</summary>
    public ClientResultStatus Status { get; }

    /// <summary>The session that was opened; 0 otherwise.</summary>
    public ulong Session { get; private init; }

    /// <summary>What the graph answered to a write; null otherwise.</summary>
    public GraphOutcome? Outcome { get; private init; }

    /// <summary>A later request of the session was answered before.</summary>
    public static ClientResult StaleRequest { get; } = new(ClientResultStatus.StaleRequest);

    /// <summary>There is no such session.</summary>
    public static ClientResult SessionExpired { get; } = new(ClientResultStatus.SessionExpired);

    /// <summary>It was not a command.</summary>
    public static ClientResult Malformed { get; } = new(ClientResultStatus.Malformed);

    /// <summary>The session is open.</summary>
    public static ClientResult SessionOpened(ulong session)
    {
        ArgumentOutOfRangeException.ThrowIfZero(session);
        return new ClientResult(ClientResultStatus.SessionOpened) { Session = session };
    }

    /// <summary>The graph answered.</summary>
    public static ClientResult Answered(GraphOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return new ClientResult(ClientResultStatus.Answered) { Outcome = outcome };
    }

    /// <summary>Reads a result.</summary>
    /// <exception cref="FormatException">The bytes are not the encoding of one.</exception>
    public static ClientResult Decode(ReadOnlySpan<byte> source)
    {
        CanonicalReader reader = new(source, names: null);
        ClientResult result;
        switch ((ClientResultStatus)reader.ReadByte())
        {
            case ClientResultStatus.SessionOpened:
                ulong session = reader.ReadUInt64();
                if (session == 0)
                {
                    reader.Fail("sessions are numbered from 1");
                }

                result = SessionOpened(session);
                break;
            case ClientResultStatus.Answered:
                return Answered(GraphOutcome.Decode(reader.ReadRaw(reader.Remaining)));
            case ClientResultStatus.StaleRequest:
                result = StaleRequest;
                break;
            case ClientResultStatus.SessionExpired:
                result = SessionExpired;
                break;
            case ClientResultStatus.Malformed:
                result = Malformed;
                break;
            default:
                reader.Fail("the client result is of no known status");
                return null!;
        }

        reader.Finish();
        return result;
    }

    /// <summary>Writes the result.</summary>
    public void Encode(IBufferWriter<byte> target)
    {
        CanonicalWriter writer = new(target);
        writer.WriteByte((byte)Status);
        if (Status == ClientResultStatus.SessionOpened)
        {
            writer.WriteUInt64(Session);
        }

        writer.Complete();
        Outcome?.Encode(target);
    }
}
