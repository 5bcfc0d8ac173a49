using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace SimGraph.Simulation.Disk;

/// <summary>
/// A growable byte array in pages; a page that was never written is not held and reads as zeros. Bytes behind the length are zero. A copy shares the pages
/// with its original until one of the two writes to them.
/// </summary>
internal sealed class SparseBytes
{
    internal const int PageBytes = 4_096;

    /// <summary>The largest length: a bound on the page table, far above what a simulation writes.</summary>
    internal const long LengthMax = 1L << 36;

    private List<byte[]?> _pages = [];

    // Pages at places where this is true, or behind its end, may be written to; null: the list itself is shared too.
    private List<bool>? _owned = [];

    internal long Length { get; private set; }

    /// <summary>Pages held in memory.</summary>
    internal int PagesHeld { get; private set; }

    internal int Read(long offset, Span<byte> buffer)
    {
        if (offset >= Length)
        {
            return 0;
        }

        int count = (int)Math.Min(buffer.Length, Length - offset);
        int done = 0;
        while (done < count)
        {
            (int page, int within) = Locate(offset + done);
            int size = Math.Min(count - done, PageBytes - within);
            Span<byte> target = buffer.Slice(done, size);
            if (PageOrNull(page) is { } bytes)
            {
                bytes.AsSpan(within, size).CopyTo(target);
            }
            else
            {
                target.Clear();
            }

            done += size;
        }

        return count;
    }

    internal void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            (int page, int within) = Locate(offset);
            int size = Math.Min(bytes.Length, PageBytes - within);
            bytes[..size].CopyTo(HoldPage(page).AsSpan(within));
            bytes = bytes[size..];
            offset += size;
        }

        Length = Math.Max(Length, offset);
    }

    /// <summary>Zeros a range without changing the length.</summary>
    internal void Clear(long offset, long count)
    {
        long end = Math.Min(offset + count, (long)_pages.Count * PageBytes);
        while (offset < end)
        {
            (int page, int within) = Locate(offset);
            int size = (int)Math.Min(end - offset, PageBytes - within);
            if (PageOrNull(page) is not null)
            {
                HoldPage(page).AsSpan(within, size).Clear();
            }

            offset += size;
        }
    }

    internal void SetLength(long length)
    {
        if (length < Length)
        {
            OwnPages();
            int pagesLeft = (int)((length + PageBytes - 1) / PageBytes);
            for (int page = pagesLeft; page < _pages.Count; page++)
            {
                PagesHeld -= _pages[page] is null ? 0 : 1;
            }

            if (pagesLeft < _pages.Count)
            {
                _owned!.RemoveRange(pagesLeft, _pages.Count - pagesLeft);
                _pages.RemoveRange(pagesLeft, _pages.Count - pagesLeft);
            }

            Clear(length, PageBytes);
        }

        Length = length;
    }

    /// <summary>How many bytes of a write, from its start, find their page held or are among the first <paramref name="pagesFree"/> new pages.</summary>
    internal int Fitting(long offset, int count, long pagesFree)
    {
        int done = 0;
        while (done < count)
        {
            (int page, int within) = Locate(offset + done);
            if (PageOrNull(page) is null && --pagesFree < 0)
            {
                break;
            }

            done += Math.Min(count - done, PageBytes - within);
        }

        return done;
    }

    internal byte this[long offset]
    {
        get
        {
            (int page, int within) = Locate(offset);
            return PageOrNull(page)?[within] ?? 0;
        }

        set
        {
            (int page, int within) = Locate(offset);
            HoldPage(page)[within] = value;
        }
    }

    /// <summary>Makes this equal to <paramref name="other"/>, without copying a page.</summary>
    internal void CopyFrom(SparseBytes other)
    {
        _pages = other._pages;
        _owned = null;
        other._owned = null;
        Length = other.Length;
        PagesHeld = other.PagesHeld;
    }

    /// <summary>Adds length and content to a hash.</summary>
    internal void AppendTo(XxHash128 hash)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, Length);
        hash.Append(number);
        for (int page = 0; page < _pages.Count; page++)
        {
            if (_pages[page] is { } bytes)
            {
                BinaryPrimitives.WriteInt64LittleEndian(number, page);
                hash.Append(number);
                hash.Append(bytes.AsSpan(0, (int)Math.Clamp(Length - ((long)page * PageBytes), 0, PageBytes)));
            }
        }
    }

    private static (int Page, int Within) Locate(long offset) => ((int)(offset / PageBytes), (int)(offset % PageBytes));

    private byte[]? PageOrNull(int page) => page < _pages.Count ? _pages[page] : null;

    private byte[] HoldPage(int page)
    {
        OwnPages();
        while (_pages.Count <= page)
        {
            _pages.Add(null);
            _owned!.Add(true);
        }

        byte[]? held = _pages[page];
        if (held is null)
        {
            held = new byte[PageBytes];
            _pages[page] = held;
            PagesHeld++;
            _owned![page] = true;
        }
        else if (!_owned![page])
        {
            held = (byte[])held.Clone();
            _pages[page] = held;
            _owned[page] = true;
        }

        return held;
    }

    // The list becomes this object's own; the pages in it are still shared, and are copied one by one when they are written to.
    private void OwnPages()
    {
        if (_owned is null)
        {
            _pages = [.. _pages];
            _owned = new List<bool>(_pages.Count);
            CollectionsMarshal.SetCount(_owned, _pages.Count);
            CollectionsMarshal.AsSpan(_owned).Clear();
        }
    }
}
