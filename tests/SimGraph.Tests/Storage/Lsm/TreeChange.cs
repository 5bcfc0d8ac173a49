using SimGraph.Storage.Lsm;

namespace SimGraph.Tests.Storage.Lsm;

/// <summary>A put (with a value), a delete (without), or a deleted range (with an end).</summary>
internal sealed record TreeChange(string Key, string? Value = null, string? End = null)
{
    public void AddTo(WriteBatch batch)
    {
        if (End is not null)
        {
            batch.DeleteRange(TreeModel.Bytes(Key), TreeModel.Bytes(End));
        }
        else if (Value is not null)
        {
            batch.Put(TreeModel.Bytes(Key), TreeModel.Bytes(Value));
        }
        else
        {
            batch.Delete(TreeModel.Bytes(Key));
        }
    }
}
