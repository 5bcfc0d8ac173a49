// Submits trees of work to a pool: each piece submits others and joins them, some fail, some are cancelled, and the pool stops under them. Every piece ends, none runs twice, and
// when the roots have ended nothing of the tree runs any more.

using SimGraph.Query;
using SimGraph.Runtime.Time;

namespace SimGraph.Properties.Queries;

/// <summary>A client that submits work which submits work.</summary>
internal sealed class Submitter(QueryMachine machine, string name)
{
    private readonly Random _random = machine.Platform.Random.Get(name);

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!machine.IsEnding)
        {
            await machine.Platform.Clock.DelayAsync(QueryMachine.Below(_random, TimeSpan.FromMilliseconds(60)), cancellation);
            using (machine.Within($"work of {name}"))
            {
                await SubmitAsync(cancellation);
            }
        }
    }

    private async Task SubmitAsync(CancellationToken outer)
    {
        using Deadline? deadline = _random.Next(3) == 0
            ? Deadline.After(machine.Platform.Clock, QueryMachine.Below(_random, TimeSpan.FromMilliseconds(80)), outer)
            : null;
        CancellationToken cancellation = deadline?.Token ?? outer;
        machine.World.Count("query.submissions");
        WorkerPool pool = machine.Pools.Pool;
        var tree = new Tree { Fails = _random.Next(4) == 0, Lingers = _random.Next(10) == 0 };
        var roots = new List<PoolWork>();
        bool isWhole = true;
        try
        {
            for (int i = 1 + _random.Next(5); i > 0; i--)
            {
                int depth = _random.Next(4);
                roots.Add(await pool.SubmitAsync((worker, token) => WorkAsync(tree, worker, depth, token), cancellation));
            }
        }
        catch (Exception exception)
        {
            isWhole = false;
            Explain(exception, tree, cancellation.IsCancellationRequested || machine.Pools.WasStopped(pool));
        }

        foreach (PoolWork root in roots)
        {
            try
            {
                await root.Completion;
            }
            catch (Exception exception)
            {
                isWhole = false;
                Explain(exception, tree, cancellation.IsCancellationRequested || machine.Pools.WasStopped(pool));
            }
        }

        machine.Check(tree.Running == 0, "work-outlived-its-end", $"{tree.Running} pieces of work run although the roots have ended");
        machine.Check(
            !isWhole || tree.Begun == tree.Submitted + roots.Count, "work-lost", $"{tree.Begun} pieces were run, of {tree.Submitted + roots.Count} submitted");
        tree.IsOver = true;
        machine.World.Count("query.work", tree.Begun);
    }

    private async Task WorkAsync(Tree tree, PoolWorker worker, int depth, CancellationToken cancellation)
    {
        machine.Check(!tree.IsOver, "work-ran-after-its-end", "work began although its root has ended");
        tree.Begun++;
        tree.Running++;
        try
        {
            await machine.PauseAsync(_random, cancellation);
            if (tree.Lingers && depth == 0)
            {
                tree.Lingers = false;
                await machine.LingerAsync(cancellation);
            }

            if (tree.Fails && _random.Next(20) == 0)
            {
                throw new NotSupportedException("planned");
            }

            if (depth > 0)
            {
                await ForkAsync(tree, worker, depth - 1, cancellation);
            }
        }
        finally
        {
            tree.Running--;
        }
    }

    private async Task ForkAsync(Tree tree, PoolWorker worker, int depth, CancellationToken cancellation)
    {
        var children = new List<PoolWork>();
        Exception? failure = null;
        try
        {
            for (int i = _random.Next(4); i > 0; i--)
            {
                children.Add(await worker.SubmitAsync((other, token) => WorkAsync(tree, other, depth, token), cancellation));
                tree.Submitted++;
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        foreach (PoolWork child in children)
        {
            try
            {
                await worker.JoinAsync(child);
            }
            catch (Exception exception)
            {
                failure ??= exception;
            }
        }

        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    private void Explain(Exception exception, Tree tree, bool isCaused)
    {
        bool isExplained = (exception is NotSupportedException && tree.Fails) || (isCaused && exception is OperationCanceledException or PoolClosedException);
        machine.Check(isExplained, "unexplained-failure", $"{name}: {exception}");
    }

    private sealed class Tree
    {
        public bool Fails { get; init; }

        public bool Lingers { get; set; }

        public int Submitted { get; set; }

        public int Begun { get; set; }

        public int Running { get; set; }

        public bool IsOver { get; set; }
    }
}
