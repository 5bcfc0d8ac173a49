using SimGraph.Runtime;

namespace SimGraph.Simulation.Network;

/// <summary>A queue of bytes that grows up to a limit and copies in bulk.</summary>
internal sealed class ByteRing(int capacityMax)
{
    private const int CapacityMin = 256;
    private byte[] _bytes = [];
    private int _start;

    public int Count { get; private set; }

    public int Free => capacityMax - Count;

    public void Write(ReadOnlySpan<byte> source)
    {
        Invariant.Check(source.Length <= Free, "a pipe holds no more than its window");
        if (Count + source.Length > _bytes.Length)
        {
            Grow(Count + source.Length);
        }

        int end = (_start + Count) & (_bytes.Length - 1);
        int first = Math.Min(source.Length, _bytes.Length - end);
        source[..first].CopyTo(_bytes.AsSpan(end));
        source[first..].CopyTo(_bytes);
        Count += source.Length;
    }

    public void Read(Span<byte> target)
    {
        Invariant.Check(target.Length <= Count, "no more is read than was written");
        int first = Math.Min(target.Length, _bytes.Length - _start);
        _bytes.AsSpan(_start, first).CopyTo(target);
        _bytes.AsSpan(0, target.Length - first).CopyTo(target[first..]);
        Count -= target.Length;
        _start = Count == 0 ? 0 : (_start + target.Length) & (_bytes.Length - 1);
    }

    /// <summary>Takes back what was written last.</summary>
    public void DropLast(int count)
    {
        Invariant.Check(count <= Count, "no more is taken back than was written");
        Count -= count;
    }

    private void Grow(int needed)
    {
        int capacity = Math.Max(CapacityMin, _bytes.Length);
        while (capacity < needed)
        {
            capacity *= 2;
        }

        var grown = new byte[capacity];
        int count = Count;
        if (count > 0)
        {
            Read(grown.AsSpan(0, count));
        }

        _bytes = grown;
        _start = 0;
        Count = count;
    }
}
