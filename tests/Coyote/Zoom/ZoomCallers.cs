// Makes the calls of a life again: each caller of the fast run is a task, which makes its calls in their order and waits, before a call, for those of its earlier calls that had ended by then.
// Between callers nothing is ordered. But were they quite free, a stop behind a hundred calls would nearly always come in their midst. So a call waits until the others have begun
// all but the last few of what came before it; how many these are is a choice of Coyote's, and may be all.

using Microsoft.Coyote.Random;
using SimGraph.Soak.FineLane.Zoom;

namespace SimGraph.Coyote.Tests.Zoom;

/// <summary>The callers of one schedule. Make it inside the scenario.</summary>
internal sealed class ZoomCallers
{
    private static readonly int[] Reaches = [1, 3, 8, int.MaxValue];
    private readonly IReadOnlyList<ZoomCall> _calls;
    private readonly TaskCompletionSource[] _begun;
    private readonly int _reach;

    internal ZoomCallers(IReadOnlyList<ZoomCall> calls)
    {
        _calls = calls;
        _begun = [.. calls.Select(static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        _reach = Reaches[Generator.Create().NextInteger(Reaches.Length)];
    }

    /// <summary>Makes them; ends when all have been answered.</summary>
    /// <param name="make">Makes a call. The part that runs at once is what the component does on its caller's stack; the task ends with the call, and never fails.</param>
    internal async Task RunAsync(Func<ZoomCall, CancellationToken, Task> make)
    {
        string[] callers = [.. _calls.Select(static call => call.Caller).Distinct()];
        Task[] running = [.. callers.Select(caller => Task.Run(() => MakeAllAsync(caller, make)))];
        await Task.WhenAll(running);
    }

    private async Task MakeAllAsync(string caller, Func<ZoomCall, CancellationToken, Task> make)
    {
        var unanswered = new List<(ZoomCall Call, Task Answer)>();
        for (int place = 0; place < _calls.Count; place++)
        {
            ZoomCall call = _calls[place];
            if (call.Caller != caller)
            {
                continue;
            }

            foreach ((ZoomCall _, Task answer) in unanswered.Where(earlier => earlier.Call.Ended <= call.Number))
            {
                await answer;
            }

            unanswered.RemoveAll(earlier => earlier.Call.Ended <= call.Number);
            await OthersAsync(caller, place);
            unanswered.Add((call, Make(call, make)));
            _begun[place].SetResult();
        }

        foreach ((ZoomCall _, Task answer) in unanswered)
        {
            await answer;
        }
    }

    private static Task Make(ZoomCall call, Func<ZoomCall, CancellationToken, Task> make)
    {
        if (call.Outcome != ZoomOutcome.Cancelled)
        {
            return make(call, CancellationToken.None);
        }

        var source = new CancellationTokenSource();
        Task cancelled = Task.Run(source.Cancel);
        Task answer = make(call, source.Token);
        return Task.Run(async () =>
        {
            await answer;
            await cancelled;
        });
    }

    // A caller's calls begin one after the other, so the last of each stands for those before it.
    private async Task OthersAsync(string caller, int place)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { caller };
        for (int earlier = place - _reach; earlier >= 0; earlier--)
        {
            if (seen.Add(_calls[earlier].Caller))
            {
                await _begun[earlier].Task;
            }
        }
    }
}
