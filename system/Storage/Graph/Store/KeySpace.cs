namespace SimGraph.Storage.Graph;

/// <summary>First byte of a key in the tree. Values are part of the storage format, see docs/formats.md.</summary>
internal enum KeySpace : byte
{
    LabelCounter = (byte)'C',
    IndexDefinition = (byte)'D',
    Edge = (byte)'E',
    Incoming = (byte)'I',
    LabelIndex = (byte)'L',
    Meta = (byte)'M',
    Node = (byte)'N',
    Outgoing = (byte)'O',
    PropertyIndex = (byte)'P',
    EdgeTypes = (byte)'T',
}
