namespace SimGraph.Properties.Linearizability.Formats;

/// <summary>Words of the line format of graph histories, version 1 (docs/histories.md).</summary>
internal static class GraphFormat
{
    public const string Header = "simgraph-history 1";
    public const string Call = "call";
    public const string Ok = "ok";
    public const string Refused = "refused";
    public const string Failed = "failed";
    public const string Unknown = "unknown";
}
