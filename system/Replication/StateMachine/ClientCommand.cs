using System.Buffers;
using SimGraph.Storage.Graph;

namespace SimGraph.Replication.StateMachine;

/// <summary>
/// Payload of a log entry of kind Command. Encoded as: version u8, kind u8; for a write also session u64, request u64 and the graph command.
/// </summary>
public readonly struct ClientCommand
{
    private const byte Version = 1;

    private ClientCommand(ClientCommandKind kind, ulong session, ulong request, ReadOnlyMemory<byte> graphCommand)
    {
        Kind = kind;
        Session = session;
        Request = request;
        GraphCommand = graphCommand;
    }

    /// <summary>Opens a session. Its id is the index of the log entry.</summary>
    public static ClientCommand OpenSession { get; } = new(ClientCommandKind.OpenSession, 0, 0, default);

    /// <summary>What it does.</summary>
    public ClientCommandKind Kind { get; }

    /// <summary>The session of a write.</summary>
    public ulong Session { get; }

    /// <summary>The number of a write in its session, from 1.</summary>
    public ulong Request { get; }

    /// <summary>The encoded <see cref="Storage.Graph.GraphCommand"/> of a write; it is decoded, and may turn out to be garbage, when it is applied.</summary>
    public ReadOnlyMemory<byte> GraphCommand { get; }

    /// <summary>Applies a graph command.</summary>
    /// <param name="session">An open session.</param>
    /// <param name="request">
    /// From 1, greater than any before in this session. A session has one request under way at a time: a smaller number that arrives later is refused.
    /// </param>
    /// <param name="graphCommand">The encoded command.</param>
    public static ClientCommand Write(ulong session, ulong request, ReadOnlyMemory<byte> graphCommand)
    {
        ArgumentOutOfRangeException.ThrowIfZero(session);
        ArgumentOutOfRangeException.ThrowIfZero(request);
        return new ClientCommand(ClientCommandKind.Write, session, request, graphCommand);
    }

    /// <summary>Reads a command; its graph command is a slice of the source.</summary>
    /// <exception cref="FormatException">The bytes are not the encoding of one.</exception>
    public static ClientCommand Decode(ReadOnlyMemory<byte> source)
    {
        CanonicalReader reader = new(source.Span, names: null);
        if (reader.ReadByte() != Version)
        {
            reader.Fail("the version of the client command is unknown");
        }

        switch ((ClientCommandKind)reader.ReadByte())
        {
            case ClientCommandKind.OpenSession:
                reader.Finish();
                return OpenSession;
            case ClientCommandKind.Write:
                ulong session = reader.ReadUInt64();
                ulong request = reader.ReadUInt64();
                if (session == 0 || request == 0)
                {
                    reader.Fail("sessions and requests are numbered from 1");
                }

                return new ClientCommand(ClientCommandKind.Write, session, request, source[^reader.Remaining..]);
            default:
                reader.Fail("the client command is of no known kind");
                return default;
        }
    }

    /// <summary>Writes the command.</summary>
    public void Encode(IBufferWriter<byte> target)
    {
        CanonicalWriter writer = new(target);
        writer.WriteByte(Version);
        writer.WriteByte((byte)Kind);
        if (Kind == ClientCommandKind.Write)
        {
            writer.WriteUInt64(Session);
            writer.WriteUInt64(Request);
            writer.WriteRaw(GraphCommand.Span);
        }

        writer.Complete();
    }
}
