namespace SimGraph.Storage.Audit;

/// <summary>What an export looks like.</summary>
public enum AuditExportFormat
{
    /// <summary>The lines of the log as they are: hashes can be checked.</summary>
    JsonLines = 0,

    /// <summary>One JSON array of the same objects.</summary>
    Json = 1,

    /// <summary>
    /// RFC 4180, with a header. A field that a spreadsheet would take for a formula gets an apostrophe in front.
    /// </summary>
    Csv = 2,

    /// <summary>RFC 5424, one message a line, facility 13 (log audit).</summary>
    Syslog = 3,
}
