using System.Diagnostics.CodeAnalysis;

namespace SimGraph.Storage.Graph;

/// <summary>Type of a <see cref="PropertyValue"/>. Values are part of the log, snapshot and wire formats. 0 is never valid.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The names of types are the point.")]
public enum PropertyKind : byte
{
    /// <summary>No value; only <c>default(PropertyValue)</c> has it, and no codec accepts it.</summary>
    None = 0,

    /// <summary>Unicode text.</summary>
    Text = 1,

    /// <summary>Signed 64-bit integer.</summary>
    Int64 = 2,

    /// <summary>64-bit floating point number; every bit pattern is a value of its own.</summary>
    Float64 = 3,

    /// <summary>True or false.</summary>
    Boolean = 4,

    /// <summary>Opaque bytes.</summary>
    Bytes = 5,

    /// <summary>Point in time, UTC, in units of 100 ns.</summary>
    Timestamp = 6,

    /// <summary>Vector of 32-bit floating point numbers.</summary>
    Vector = 7,

    /// <summary>Array of texts.</summary>
    TextArray = 8,

    /// <summary>Array of signed 64-bit integers.</summary>
    Int64Array = 9,

    /// <summary>Array of 64-bit floating point numbers.</summary>
    Float64Array = 10,

    /// <summary>Array of truth values.</summary>
    BooleanArray = 11,
}
