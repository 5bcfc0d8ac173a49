using System.Collections.Immutable;
using SimGraph.Runtime;
using SimGraph.Storage.Lsm;
using Xunit;

namespace SimGraph.Tests.Storage.Lsm;

/// <summary>
/// A life of a tree, told by bytes, which shrink well: a byte's low bits say what is done, its high bits how much. Snapshots and cursors stay open over
/// flushes, compactions and writes, and are compared with the state that they were opened at.
/// </summary>
internal sealed class TreeScript(Func<bool, IPlatform> restart, LsmOptions options) : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly List<(LsmSnapshot Snapshot, ImmutableSortedDictionary<string, string> State)> _snapshots = [];
    private readonly List<OpenCursor> _cursors = [];
    private TreeLab? _lab;
    private int _made;

    public TreeLab Lab => _lab!;

    public async Task RunAsync(byte[] script)
    {
        _lab = await TreeLab.OpenAsync(restart(false), null, options);
        foreach (byte step in script)
        {
            await StepAsync(step & 15, step >> 4);
        }

        await Lab.AssertEqualsModelAsync();
        foreach ((LsmSnapshot snapshot, ImmutableSortedDictionary<string, string> state) in _snapshots)
        {
            await Lab.AssertEqualsModelAsync(snapshot, state);
        }

        foreach (OpenCursor cursor in _cursors)
        {
            await cursor.CheckToTheEndAsync();
        }

        await Lab.AssertIsSoundAsync();
        await ReopenAsync(powerLoss: true);
        await Lab.AssertEqualsModelAsync();
        await Lab.Tree.CompactAsync(LsmRange.All, None);
        await Lab.AssertEqualsModelAsync();
        await Lab.AssertIsSoundAsync();
        if (!script.Any(step => (step & 15) == 8))
        {
            // Nothing but what is visible is left: no delete, no older version.
            Assert.Equal(Lab.Model.Now.Count, Lab.Tree.Statistics.Levels.Sum(level => level.Entries));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await ReleaseAllAsync();
            await _lab.DisposeAsync();
        }
    }

    private static string KeyOf(int number) => number % 7 == 0 ? $"k{number / 10:D2}" : $"k{number / 10:D2}{(char)('a' + (number % 10))}";

    private async Task StepAsync(int what, int much)
    {
        switch (what)
        {
            case 0:
            case 1:
                await Lab.ApplyAsync([.. Enumerable.Range(0, 1 + much).Select(i => Put((much * 37) + (i * (what + 1)) + _made))]);
                break;
            case 2:
                await Lab.ApplyAsync(Put(much * 11));
                break;
            case 3:
                await Lab.DeleteAsync(KeyOf((much * 11) + (_made % 5)));
                break;
            case 4:
                await Lab.DeleteRangeAsync(KeyOf(much * 10), KeyOf((much * 10) + 15 + (_made % 20)));
                break;
            case 5:
                await Lab.ApplyAsync(
                    Put(much * 10), Put((much * 10) + 3), new TreeChange(KeyOf(much * 10), null, KeyOf((much * 10) + 20)), Put((much * 10) + 3),
                    new TreeChange(KeyOf((much * 10) + 40)), Put((much * 10) + 40));
                break;
            case 6:
                await Lab.Tree.FlushAsync(None);
                Assert.Equal(Lab.Model.LastSequence, Lab.Tree.DurableSequence);
                break;
            case 7:
                await Lab.Tree.CompactAsync(much < 8 ? LsmRange.All : TreeLab.RangeOf(KeyOf(much * 9), KeyOf((much * 9) + 30)), None);
                break;
            case 8:
                _snapshots.Add((Lab.Tree.TakeSnapshot(), Lab.Model.Now));
                break;
            case 9 when _snapshots.Count > 0:
                _snapshots[much % _snapshots.Count].Snapshot.Dispose();
                _snapshots.RemoveAt(much % _snapshots.Count);
                break;
            case 10 when _cursors.Count < 4:
                await OpenCursorAsync(much);
                break;
            case 11 when _cursors.Count > 0:
                await _cursors[much % _cursors.Count].MoveAsync(much);
                break;
            case 12:
                string start = KeyOf(much * 8);
                await Lab.AssertScansAsync(Lab.Model.Now, null, start, much % 2 == 0 ? null : KeyOf((much * 8) + 20));
                break;
            case 13:
                await ReopenAsync(powerLoss: much < 8);
                break;
            case 14 when _snapshots.Count > 0:
                (LsmSnapshot snapshot, ImmutableSortedDictionary<string, string> state) = _snapshots[much % _snapshots.Count];
                await Lab.AssertEqualsModelAsync(snapshot, state);
                break;
            default:
                await Lab.ApplyAsync(new TreeChange(KeyOf(much * 13), new string('x', 20 * much)));
                break;
        }
    }

    private async Task OpenCursorAsync(int much)
    {
        string? start = much % 3 == 0 ? null : KeyOf(much * 4);
        string? end = much % 2 == 0 ? null : KeyOf((much * 4) + 70);
        (LsmSnapshot Snapshot, ImmutableSortedDictionary<string, string> State)? at = _snapshots.Count > 0 && much % 4 == 0 ? _snapshots[0] : null;
        LsmCursor cursor = Lab.Tree.OpenCursor(TreeLab.RangeOf(start, end), at?.Snapshot);
        var open = new OpenCursor(cursor, TreeModel.In(at?.State ?? Lab.Model.Now, start, end));
        _cursors.Add(open);
        if (much > 5)
        {
            // Otherwise it is opened at its first move, with other files around.
            await open.MoveAsync(much);
        }
    }

    private TreeChange Put(int number) => new(KeyOf(number % 300), $"value {++_made} {new string('v', _made % 23)}");

    private async Task ReopenAsync(bool powerLoss)
    {
        await ReleaseAllAsync();
        TreeModel model = Lab.Model;
        await Lab.DisposeAsync();
        _lab = await TreeLab.OpenAsync(restart(powerLoss), model, options);
    }

    private async Task ReleaseAllAsync()
    {
        foreach ((LsmSnapshot snapshot, _) in _snapshots)
        {
            snapshot.Dispose();
        }

        foreach (OpenCursor cursor in _cursors)
        {
            await cursor.DisposeAsync();
        }

        _snapshots.Clear();
        _cursors.Clear();
    }
}
