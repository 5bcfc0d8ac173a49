using SimGraph.Storage.Lsm;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

public sealed class BatchFormatTests
{
    [Fact]
    public async Task A_batch_of_version_1_stays_readable()
    {
        var batch = new WriteBatch();
        batch.DeleteRange("a"u8, "c"u8);
        batch.DeleteRange("c"u8, "d"u8);
        batch.Put("b"u8, "1"u8);
        batch.Delete("x"u8);
        batch.Put("y"u8, new byte[300]);
        string path = Path.Combine(RepositoryFiles.Golden, "batch-v1.bin");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllBytesAsync(path, batch.Encode(), TestContext.Current.CancellationToken);
        }

        byte[] bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var read = new WriteBatch();
        read.Decode(bytes);
        Assert.Equal(batch.Encode(), bytes);
        Assert.Equal(bytes, read.Encode());
        Assert.Equal((4, 3), (read.Count, read.ChangeCount));
        Assert.True(read.IsInDeletedRange("cc"u8) && !read.IsInDeletedRange("d"u8));
    }
}
