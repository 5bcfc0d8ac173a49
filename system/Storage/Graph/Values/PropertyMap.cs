// Properties of one element: two parallel arrays in ordinal order of the keys, immutable. A change copies the values and shares the keys
// where it can, so that undoing a batch, answering a query and writing a snapshot only hold references, and never copy or lock.

using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace SimGraph.Storage.Graph;

/// <summary>Properties in ordinal order of their keys, immutable. Equality is by content.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is a map.")]
public sealed class PropertyMap : IReadOnlyList<KeyValuePair<string, PropertyValue>>, IEquatable<PropertyMap>
{
    private readonly string[] _keys;
    private readonly PropertyValue[] _values;

    private PropertyMap(string[] keys, PropertyValue[] values, int encodedBytes)
    {
        _keys = keys;
        _values = values;
        EncodedBytes = encodedBytes;
    }

    /// <summary>No properties.</summary>
    public static PropertyMap Empty { get; } = new([], [], sizeof(ushort));

    /// <inheritdoc/>
    public int Count => _keys.Length;

    /// <summary>Bytes of the canonical encoding.</summary>
    public int EncodedBytes { get; }

    /// <summary>True when an element may have them.</summary>
    internal bool IsWithinLimits => Count <= GraphLimits.PropertiesPerElementMax && EncodedBytes <= GraphLimits.PropertiesBytesMax;

    /// <inheritdoc/>
    public KeyValuePair<string, PropertyValue> this[int index] => new(_keys[index], _values[index]);

    /// <summary>The map of these properties.</summary>
    /// <exception cref="ArgumentException">A key is not a valid name or comes twice, a value is missing, or the whole is too large.</exception>
    public static PropertyMap Of(params ReadOnlySpan<(string Key, PropertyValue Value)> properties)
    {
        string[] keys = new string[properties.Length];
        PropertyValue[] values = new PropertyValue[properties.Length];
        for (int i = 0; i < properties.Length; i++)
        {
            keys[i] = GraphLimits.CheckedName(properties[i].Key, "property key");
            values[i] = properties[i].Value.Kind != PropertyKind.None
                ? properties[i].Value
                : throw new ArgumentException($"Property '{keys[i]}' has no value.", nameof(properties));
        }

        Array.Sort(keys, values, StringComparer.Ordinal);
        for (int i = 1; i < keys.Length; i++)
        {
            if (string.Equals(keys[i - 1], keys[i], StringComparison.Ordinal))
            {
                throw new ArgumentException($"Property '{keys[i]}' comes twice.", nameof(properties));
            }
        }

        PropertyMap map = FromChecked(keys, values);
        return map.IsWithinLimits
            ? map
            : throw new ArgumentException(
                $"{map.Count} properties with {map.EncodedBytes} bytes; the limits are {GraphLimits.PropertiesPerElementMax} and {GraphLimits.PropertiesBytesMax}.",
                nameof(properties));
    }

    /// <summary>The value of a property.</summary>
    public bool TryGet(string key, out PropertyValue value)
    {
        int at = Find(key);
        value = at >= 0 ? _values[at] : default;
        return at >= 0;
    }

    /// <inheritdoc/>
    public bool Equals(PropertyMap? other) =>
        other is not null && _keys.AsSpan().SequenceEqual(other._keys) && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PropertyMap);

    /// <inheritdoc/>
    public override int GetHashCode() => EncodedBytes;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, PropertyValue>> GetEnumerator()
    {
        for (int i = 0; i < _keys.Length; i++)
        {
            yield return this[i];
        }
    }

    /// <inheritdoc/>
    public override string ToString() => "{" + string.Join(", ", this) + "}";

    /// <summary>Properties that the reader has checked to be in order and distinct; the arrays are owned by the map from here on.</summary>
    internal static PropertyMap FromChecked(string[] keys, PropertyValue[] values)
    {
        if (keys.Length == 0)
        {
            return Empty;
        }

        long bytes = sizeof(ushort);
        for (int i = 0; i < keys.Length; i++)
        {
            bytes += EntryBytes(keys[i], values[i]);
        }

        return new PropertyMap(keys, values, (int)Math.Min(bytes, int.MaxValue));
    }

    /// <summary>This map with one property set. May exceed the limits: the caller asks <see cref="IsWithinLimits"/>.</summary>
    internal PropertyMap With(string key, PropertyValue value)
    {
        int at = Find(key);
        if (at >= 0)
        {
            PropertyValue[] changed = (PropertyValue[])_values.Clone();
            changed[at] = value;
            return new PropertyMap(_keys, changed, EncodedBytes - _values[at].EncodedBytes + value.EncodedBytes);
        }

        at = ~at;
        string[] keys = new string[_keys.Length + 1];
        PropertyValue[] values = new PropertyValue[_values.Length + 1];
        Array.Copy(_keys, keys, at);
        Array.Copy(_values, values, at);
        keys[at] = key;
        values[at] = value;
        Array.Copy(_keys, at, keys, at + 1, _keys.Length - at);
        Array.Copy(_values, at, values, at + 1, _values.Length - at);
        return new PropertyMap(keys, values, EncodedBytes + EntryBytes(key, value));
    }

    /// <summary>This map without one property; the same map when it has none of that key.</summary>
    internal PropertyMap Without(string key)
    {
        int at = Find(key);
        if (at < 0)
        {
            return this;
        }

        if (_keys.Length == 1)
        {
            return Empty;
        }

        string[] keys = new string[_keys.Length - 1];
        PropertyValue[] values = new PropertyValue[_values.Length - 1];
        Array.Copy(_keys, keys, at);
        Array.Copy(_values, values, at);
        Array.Copy(_keys, at + 1, keys, at, keys.Length - at);
        Array.Copy(_values, at + 1, values, at, values.Length - at);
        return new PropertyMap(keys, values, EncodedBytes - EntryBytes(_keys[at], _values[at]));
    }

    internal string KeyAt(int index) => _keys[index];

    internal PropertyValue ValueAt(int index) => _values[index];

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static int EntryBytes(string key, PropertyValue value) =>
        sizeof(ushort) + GraphLimits.StrictUtf8.GetByteCount(key) + value.EncodedBytes;

    /// <summary>Index of the key, or the complement of where it belongs.</summary>
    private int Find(string key)
    {
        int low = 0;
        int high = _keys.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = string.CompareOrdinal(_keys[middle], key);
            if (order == 0)
            {
                return middle;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }
}
