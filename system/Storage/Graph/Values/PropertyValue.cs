// A typed property value, immutable. Scalars live in 64 bits; everything else is kept as its canonical encoding, so that decoding a command,
// hashing and writing a snapshot are copies of bytes, and equality is equality of bits: NaN equals itself, payloads of NaN and the sign of
// zero survive, and no floating point operation touches a stored number on any replica.

using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;

namespace SimGraph.Storage.Graph;

/// <summary>A property value of one of the <see cref="PropertyKind"/>s. Equality is bitwise.</summary>
public readonly struct PropertyValue : IEquatable<PropertyValue>
{
    private readonly PropertyKind _kind;
    private readonly long _bits;
    private readonly byte[]? _payload;

    private PropertyValue(PropertyKind kind, long bits)
    {
        _kind = kind;
        _bits = bits;
    }

    private PropertyValue(PropertyKind kind, byte[] payload)
    {
        _kind = kind;
        _payload = payload;
    }

    /// <summary>Its type.</summary>
    public PropertyKind Kind => _kind;

    /// <summary>Bytes of its canonical encoding, the kind included.</summary>
    public int EncodedBytes => _kind == PropertyKind.Boolean ? 2 : _payload is null ? 9 : 5 + _payload.Length;

    /// <summary>64 bits of a scalar; 0 for the other kinds.</summary>
    internal long Bits => _bits;

    /// <summary>Canonical payload of what is not a scalar.</summary>
    internal ReadOnlySpan<byte> Payload => _payload;

    public static bool operator ==(PropertyValue left, PropertyValue right) => left.Equals(right);

    public static bool operator !=(PropertyValue left, PropertyValue right) => !left.Equals(right);

    /// <summary>A text.</summary>
    /// <exception cref="ArgumentException">Not well-formed Unicode, or too large.</exception>
    public static PropertyValue From(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Checked(PropertyKind.Text, EncodedText.Encode(value));
    }

    /// <summary>An integer.</summary>
    public static PropertyValue From(long value) => new(PropertyKind.Int64, value);

    /// <summary>A floating point number, bit by bit.</summary>
    public static PropertyValue From(double value) => new(PropertyKind.Float64, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A truth value.</summary>
    public static PropertyValue From(bool value) => new(PropertyKind.Boolean, value ? 1 : 0);

    /// <summary>A point in time; its offset is not kept.</summary>
    public static PropertyValue From(DateTimeOffset value) => new(PropertyKind.Timestamp, value.UtcTicks);

    /// <summary>Opaque bytes.</summary>
    /// <exception cref="ArgumentException">Too large.</exception>
    public static PropertyValue FromBytes(ReadOnlySpan<byte> value) => Checked(PropertyKind.Bytes, value.ToArray());

    /// <summary>A vector.</summary>
    /// <exception cref="ArgumentException">Too large.</exception>
    public static PropertyValue FromVector(ReadOnlySpan<float> value)
    {
        byte[] payload = new byte[value.Length * sizeof(float)];
        for (int i = 0; i < value.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(i * sizeof(float)), BitConverter.SingleToInt32Bits(value[i]));
        }

        return Checked(PropertyKind.Vector, payload);
    }

    /// <summary>An array of texts.</summary>
    /// <exception cref="ArgumentException">A text is not well-formed Unicode, or the whole is too large.</exception>
    public static PropertyValue FromArray(ReadOnlySpan<string> value) => Checked(PropertyKind.TextArray, EncodedText.EncodeAll(value));

    /// <summary>An array of integers.</summary>
    /// <exception cref="ArgumentException">Too large.</exception>
    public static PropertyValue FromArray(ReadOnlySpan<long> value)
    {
        byte[] payload = new byte[value.Length * sizeof(long)];
        for (int i = 0; i < value.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(i * sizeof(long)), value[i]);
        }

        return Checked(PropertyKind.Int64Array, payload);
    }

    /// <summary>An array of floating point numbers.</summary>
    /// <exception cref="ArgumentException">Too large.</exception>
    public static PropertyValue FromArray(ReadOnlySpan<double> value)
    {
        byte[] payload = new byte[value.Length * sizeof(double)];
        for (int i = 0; i < value.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(i * sizeof(double)), BitConverter.DoubleToInt64Bits(value[i]));
        }

        return Checked(PropertyKind.Float64Array, payload);
    }

    /// <summary>An array of truth values.</summary>
    /// <exception cref="ArgumentException">Too large.</exception>
    public static PropertyValue FromArray(ReadOnlySpan<bool> value)
    {
        byte[] payload = new byte[value.Length];
        for (int i = 0; i < value.Length; i++)
        {
            payload[i] = value[i] ? (byte)1 : (byte)0;
        }

        return Checked(PropertyKind.BooleanArray, payload);
    }

    /// <summary>The text. Throws <see cref="InvalidOperationException"/> for another kind, as all of these do.</summary>
    public string AsText() => GraphLimits.StrictUtf8.GetString(PayloadOf(PropertyKind.Text));

    /// <summary>The integer.</summary>
    public long AsInt64() => BitsOf(PropertyKind.Int64);

    /// <summary>The floating point number.</summary>
    public double AsFloat64() => BitConverter.Int64BitsToDouble(BitsOf(PropertyKind.Float64));

    /// <summary>The truth value.</summary>
    public bool AsBoolean() => BitsOf(PropertyKind.Boolean) != 0;

    /// <summary>The point in time, in UTC.</summary>
    public DateTimeOffset AsTimestamp() => new(BitsOf(PropertyKind.Timestamp), TimeSpan.Zero);

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> AsBytes() => PayloadOf(PropertyKind.Bytes);

    /// <summary>The vector.</summary>
    public float[] AsVector()
    {
        ReadOnlySpan<byte> payload = PayloadOf(PropertyKind.Vector);
        float[] vector = new float[payload.Length / sizeof(float)];
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt32LittleEndian(payload[(i * sizeof(float))..]));
        }

        return vector;
    }

    /// <summary>The array of texts.</summary>
    public string[] AsTextArray() => EncodedText.DecodeAll(PayloadOf(PropertyKind.TextArray));

    /// <summary>The array of integers.</summary>
    public long[] AsInt64Array()
    {
        ReadOnlySpan<byte> payload = PayloadOf(PropertyKind.Int64Array);
        long[] array = new long[payload.Length / sizeof(long)];
        for (int i = 0; i < array.Length; i++)
        {
            array[i] = BinaryPrimitives.ReadInt64LittleEndian(payload[(i * sizeof(long))..]);
        }

        return array;
    }

    /// <summary>The array of floating point numbers.</summary>
    public double[] AsFloat64Array()
    {
        ReadOnlySpan<byte> payload = PayloadOf(PropertyKind.Float64Array);
        double[] array = new double[payload.Length / sizeof(double)];
        for (int i = 0; i < array.Length; i++)
        {
            array[i] = BitConverter.Int64BitsToDouble(BinaryPrimitives.ReadInt64LittleEndian(payload[(i * sizeof(double))..]));
        }

        return array;
    }

    /// <summary>The array of truth values.</summary>
    public bool[] AsBooleanArray()
    {
        ReadOnlySpan<byte> payload = PayloadOf(PropertyKind.BooleanArray);
        bool[] array = new bool[payload.Length];
        for (int i = 0; i < array.Length; i++)
        {
            array[i] = payload[i] != 0;
        }

        return array;
    }

    /// <inheritdoc/>
    public bool Equals(PropertyValue other) =>
        _kind == other._kind && _bits == other._bits && Payload.SequenceEqual(other.Payload);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PropertyValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((int)_kind * 397) ^ (_payload is null ? _bits.GetHashCode() : (int)XxHash3.HashToUInt64(_payload));

    /// <inheritdoc/>
    public override string ToString() => _kind switch
    {
        PropertyKind.Text => $"'{AsText()}'",
        PropertyKind.Int64 => _bits.ToString(CultureInfo.InvariantCulture),
        PropertyKind.Float64 => AsFloat64().ToString("R", CultureInfo.InvariantCulture),
        PropertyKind.Boolean => _bits != 0 ? "true" : "false",
        PropertyKind.Timestamp => AsTimestamp().ToString("O", CultureInfo.InvariantCulture),
        PropertyKind.None => "(none)",
        _ => $"{_kind}[{Payload.Length} bytes]",
    };

    /// <summary>A scalar whose bits the reader has checked.</summary>
    internal static PropertyValue FromCheckedBits(PropertyKind kind, long bits) => new(kind, bits);

    /// <summary>A value whose payload the reader has checked; the array is owned by the value from here on.</summary>
    internal static PropertyValue FromCheckedPayload(PropertyKind kind, byte[] payload) => new(kind, payload);

    private static PropertyValue Checked(PropertyKind kind, byte[] payload) => payload.Length <= GraphLimits.ValueBytesMax
        ? new PropertyValue(kind, payload)
        : throw new ArgumentException($"The {kind} value has {payload.Length} bytes, the limit is {GraphLimits.ValueBytesMax}: split it.");

    private long BitsOf(PropertyKind kind) => _kind == kind ? _bits : throw WrongKind(kind);

    private ReadOnlySpan<byte> PayloadOf(PropertyKind kind) => _kind == kind ? _payload : throw WrongKind(kind);

    private InvalidOperationException WrongKind(PropertyKind wanted) => new($"The property value is a {_kind}, not a {wanted}: look at Kind first.");
}
