using System.Text;

namespace SimGraph.Storage.Graph;

/// <summary>Sizes that commands, elements and answers never exceed. All members of a cluster must agree on them: they decide results.</summary>
public static class GraphLimits
{
    /// <summary>Operations of one command; ids are derived from it, so it can never grow.</summary>
    public const int OperationsPerCommandMax = 4096;

    /// <summary>Encoded bytes of one command.</summary>
    public const int CommandBytesMax = 1024 * 1024;

    /// <summary>UTF-8 bytes of a label, an edge type or a property key.</summary>
    public const int NameBytesMax = 256;

    /// <summary>Labels of one node.</summary>
    public const int LabelsPerNodeMax = 64;

    /// <summary>Properties of one node or edge.</summary>
    public const int PropertiesPerElementMax = 1024;

    /// <summary>Payload bytes of one property value.</summary>
    public const int ValueBytesMax = 64 * 1024;

    /// <summary>Encoded bytes of all properties of one node or edge together.</summary>
    public const int PropertiesBytesMax = 1024 * 1024;

    /// <summary>Neighbours in one answer; the rest is asked for with <see cref="Neighbours.After"/>.</summary>
    public const int NeighboursPerAnswerMax = 4096;

    /// <summary>Elements in one answer; the rest is asked for with the id of the last one.</summary>
    public const int ElementsPerAnswerMax = 4096;

    /// <summary>
    /// What one command takes along beyond its operations: edges that go with the nodes it deletes, and elements that it looks at for new indexes.
    /// </summary>
    public const int SideEffectsPerCommandMax = 16 * 1024;

    /// <summary>
    /// Encoded bytes of properties that one command rewrites: those of each element that it changes or deletes, as they were before it, and the values
    /// that it brings into new indexes.
    /// </summary>
    public const int RewrittenBytesPerCommandMax = 8 * 1024 * 1024;

    /// <summary>Property indexes of a graph.</summary>
    public const int IndexesMax = 64;

    /// <summary>Payload bytes of a value in a property index; a command that would put a longer one there is refused.</summary>
    public const int IndexedValueBytesMax = 4 * 1024;

    /// <summary>Throws on ill-formed UTF-16 and UTF-8 instead of replacing it: a replaced name would be another name.</summary>
    internal static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Returns the kind when it is one.</summary>
    internal static ElementKind CheckedKind(ElementKind kind, string what) => kind is ElementKind.Node or ElementKind.Edge
        ? kind
        : throw new ArgumentOutOfRangeException(what, kind, "It is neither nodes nor edges.");

    /// <summary>Returns the name when it can be stored.</summary>
    /// <exception cref="ArgumentException">It is empty, too long or not well-formed.</exception>
    internal static string CheckedName(string name, string what)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, what);
        int bytes;
        try
        {
            bytes = StrictUtf8.GetByteCount(name);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException($"The {what} is not well-formed Unicode.", what, exception);
        }

        return bytes <= NameBytesMax
            ? name
            : throw new ArgumentException($"The {what} has {bytes} bytes, the limit is {NameBytesMax}: shorten it.", what);
    }
}
