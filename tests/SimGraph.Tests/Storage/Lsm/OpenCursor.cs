using SimGraph.Storage.Lsm;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

/// <summary>A cursor next to the list that it must walk.</summary>
internal sealed class OpenCursor(LsmCursor cursor, (string Key, string Value)[] expected) : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private int _at = -1;

    public async Task MoveAsync(int much)
    {
        if (_at < 0 || _at >= expected.Length)
        {
            await SeekAsync(much);
        }
        else if (much % 5 == 4)
        {
            await SeekAsync(much / 2);
        }
        else
        {
            int steps = 1 + (much % 3);
            for (int i = 0; i < steps && _at >= 0 && _at < expected.Length; i++)
            {
                await StepAsync(forward: much % 2 == 0);
            }
        }

        AssertHere();
    }

    public async Task CheckToTheEndAsync()
    {
        await cursor.MoveToFirstAsync(None);
        for (_at = 0; _at < expected.Length; )
        {
            AssertHere();
            await StepAsync(forward: true);
        }

        AssertHere();
    }

    public ValueTask DisposeAsync() => cursor.DisposeAsync();

    private async Task SeekAsync(int much)
    {
        string key = $"k{much * 2:D2}c";
        switch (much % 4)
        {
            case 0:
                await cursor.MoveToFirstAsync(None);
                _at = 0;
                break;
            case 1:
                await cursor.MoveToLastAsync(None);
                _at = expected.Length - 1;
                break;
            case 2:
                await cursor.SeekAsync(TreeModel.Bytes(key), None);
                _at = Array.FindIndex(expected, pair => string.CompareOrdinal(pair.Key, key) >= 0);
                _at = _at < 0 ? expected.Length : _at;
                break;
            default:
                await cursor.SeekBackwardAsync(TreeModel.Bytes(key), None);
                _at = Array.FindLastIndex(expected, pair => string.CompareOrdinal(pair.Key, key) <= 0);
                break;
        }
    }

    private async Task StepAsync(bool forward)
    {
        if (forward)
        {
            _at++;
            if (!cursor.TryMoveNext())
            {
                await cursor.MoveNextAsync(None);
            }
        }
        else
        {
            _at--;
            if (!cursor.TryMovePrevious())
            {
                await cursor.MovePreviousAsync(None);
            }
        }
    }

    private void AssertHere()
    {
        bool inside = _at >= 0 && _at < expected.Length;
        Assert.Equal(inside, cursor.IsValid);
        if (inside)
        {
            Assert.Equal(expected[_at], (TreeModel.Text(cursor.Key), TreeModel.Text(cursor.Value)));
        }
    }
}
