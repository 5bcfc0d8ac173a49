using SimGraph.Replication.Backup.Files;
using SimGraph.Replication.Backup.Serving;
using SimGraph.Replication.Backup.Taking;
using SimGraph.Replication.Backup.Wire;
using SimGraph.Replication.StateMachine;
using SimGraph.Storage.Graph;
using SimGraph.Storage.Log;
using SimGraph.Tests.Storage;

namespace SimGraph.Tests.Replication.Backup;

/// <summary>A backup in memory, of a state machine that has applied a session and some writes. It knows what the state was at each index.</summary>
internal sealed class SampleBackup : IDisposable
{
    public const string Folder = "b";
    public const string ClusterId = "old";
    public const ulong Id = 0x0123456789ABCDEF;

    private readonly StateMachineUnderTest _machine = new(sessionsMax: 3);
    private readonly SortedDictionary<ulong, UInt128> _digests = [];

    public MemoryDisk Disk { get; } = new();

    public ulong Session { get; private set; }

    public BackupFolder Files => new(Disk, Folder);

    /// <summary>The state's digest after an entry.</summary>
    public UInt128 DigestAt(ulong index) => _digests[index];

    /// <summary>The last thing that each state answered to the session's request.</summary>
    public SortedDictionary<ulong, byte[]> Results { get; } = [];

    /// <summary>Makes one: entries up to the base, then more behind it.</summary>
    public static async Task<SampleBackup> CreateAsync(int before, int behind, long fileBytesMax = 400, int chunkBytes = 200)
    {
        var sample = new SampleBackup();
        for (int i = 0; i < before; i++)
        {
            sample.Apply();
        }

        using var state = sample._machine.Machine.Freeze();
        var manifest = new BackupManifest(Id, ClusterId, state.Position, sample._machine.Machine.Digest, default, sample._machine.Machine.Digest, []);
        var header = new BackupFileHeader(BackupFileKind.Base, Id, state.Position);
        await using BackupFileWriter writer = await BackupFileWriter.CreateAsync(sample.Disk, sample.Files.BasePath(state.Position.Index), header, default);
        await using var archive = new EntryArchive(sample.Files, manifest, fileBytesMax);
        var reader = new FrozenReader(state);
        while (await reader.ReadAsync(chunkBytes, default) is { } chunk)
        {
            if (!chunk.Data.IsEmpty)
            {
                await writer.AppendAsync(default, chunk.Data, default);
            }
        }

        for (int i = 0; i < behind; i++)
        {
            LogEntry entry = sample.Apply();
            await archive.AddAsync(new EntriesAnswer(EntriesOutcome.Found, sample._machine.Machine.Applied, sample._machine.Machine.Digest, [entry]), default);
        }

        await writer.FlushAsync(default);
        manifest = await archive.FlushAsync(default) with { BaseFile = new BackupFileRecord(writer.Length, writer.Hash) };
        await sample.Files.PublishAsync(manifest, default);
        return sample;
    }

    public void Dispose() => _machine.Dispose();

    /// <summary>An entry that asks for the session's request once more.</summary>
    public LogEntry Write(ulong index, ulong term, ulong request)
    {
        var command = new GraphCommand(new CreateNode(LabelSet.Of("L"), PropertyMap.Of(("request", PropertyValue.From((long)request)))));
        ClientCommand write = ClientCommand.Write(Session, request, GraphScript.Bytes(command.Encode));
        return new LogEntry(index, term, LogEntryKind.Command, GraphScript.Bytes(write.Encode));
    }

    private LogEntry Apply()
    {
        ReplicatedStateMachine machine = _machine.Machine;
        ulong index = machine.AppliedIndex + 1;
        ulong term = 1 + (index / 4);
        LogEntry entry = index == 1
            ? new LogEntry(index, term, LogEntryKind.Command, GraphScript.Bytes(ClientCommand.OpenSession.Encode))
            : index % 5 == 0 ? new LogEntry(index, term, LogEntryKind.NoOperation, default)
            : Write(index, term, index);
        byte[] result = _machine.Apply(entry).ToArray();
        if (index == 1)
        {
            Session = ClientResult.Decode(result).Session;
        }

        Results[index] = result;
        _digests[index] = machine.Digest;
        return entry;
    }
}
