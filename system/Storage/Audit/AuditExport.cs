using System.Buffers;
using System.Text;

namespace SimGraph.Storage.Audit;

/// <summary>Writes events to a sink in one of the formats, in pieces of bounded size. One caller.</summary>
internal sealed class AuditExport(AuditExportFormat format, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write)
{
    private const int PieceBytes = 64 << 10;
    private readonly ArrayBufferWriter<byte> _piece = new();
    private readonly StringBuilder _text = new();

    /// <summary>Events so far.</summary>
    public long Count { get; private set; }

    public async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        switch (format)
        {
            case AuditExportFormat.Json:
                _piece.Write("["u8);
                break;
            case AuditExportFormat.Csv:
                AuditCsv.AppendHeader(_text);
                AddText();
                break;
            default:
                break;
        }

        await SendAsync(PieceBytes, cancellationToken);
    }

    public async ValueTask AddAsync(AuditRecord record, ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        switch (format)
        {
            case AuditExportFormat.Json:
                _piece.Write(Count == 0 ? "\n"u8 : ",\n"u8);
                _piece.Write(line.Span);
                break;
            case AuditExportFormat.JsonLines:
                _piece.Write(line.Span);
                _piece.Write("\n"u8);
                break;
            case AuditExportFormat.Csv:
                AuditCsv.Append(_text, record);
                AddText();
                break;
            default:
                AuditSyslog.Append(_text, record);
                AddText();
                break;
        }

        Count++;
        await SendAsync(PieceBytes, cancellationToken);
    }

    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (format == AuditExportFormat.Json)
        {
            _piece.Write("\n]\n"u8);
        }

        await SendAsync(1, cancellationToken);
    }

    private void AddText()
    {
        _piece.Write(Encoding.UTF8.GetBytes(_text.ToString()));
        _text.Clear();
    }

    private async ValueTask SendAsync(int bytesMin, CancellationToken cancellationToken)
    {
        if (_piece.WrittenCount < bytesMin)
        {
            return;
        }

        await write(_piece.WrittenMemory, cancellationToken);
        _piece.ResetWrittenCount();
    }
}
