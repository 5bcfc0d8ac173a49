using SimGraph.Simulation.Disk;
using Xunit;

namespace SimGraph.Tests.Simulation.Disk;

/// <summary>The reference for one file: its bytes, and every version of each sector and of the length since the last flush.</summary>
internal sealed class FileHistory
{
    private const int Sector = SurvivingChanges.SectorBytes;
    private readonly List<byte[]> _versions = [[]];

    private byte[] Now => _versions[^1];

    public void Write(int offset, byte[] bytes)
    {
        byte[] next = new byte[bytes.Length == 0 ? Now.Length : Math.Max(Now.Length, offset + bytes.Length)];
        Now.CopyTo(next, 0);
        bytes.CopyTo(next.AsSpan(Math.Min(offset, next.Length)));
        _versions.Add(next);
    }

    public void SetLength(int length)
    {
        byte[] next = new byte[length];
        Now.AsSpan(0, Math.Min(length, Now.Length)).CopyTo(next);
        _versions.Add(next);
    }

    public void Flush() => _versions.RemoveRange(0, _versions.Count - 1);

    public void AssertVisible(byte[] actual) => Assert.True(Now.AsSpan().SequenceEqual(actual), "a reader sees what was written");

    /// <summary>The length is one of the lengths, and each sector is one of its versions, that the file had since the last flush.</summary>
    public void AssertSurvivor(byte[] actual)
    {
        Assert.Contains(_versions, version => version.Length == actual.Length);
        for (int start = 0; start < actual.Length; start += Sector)
        {
            byte[] sector = Cut(actual, start, actual.Length);
            Assert.True(
                _versions.Exists(version => Cut(version, start, actual.Length).AsSpan().SequenceEqual(sector)),
                $"the sector at {start} is none of its {_versions.Count} versions");
        }
    }

    private static byte[] Cut(byte[] version, int start, int length)
    {
        byte[] sector = new byte[Math.Min(Sector, length - start)];
        if (start < version.Length)
        {
            version.AsSpan(start, Math.Min(sector.Length, version.Length - start)).CopyTo(sector);
        }

        return sector;
    }
}
