using SimGraph.Runtime;
using SimGraph.Runtime.Tasks;
using SimGraph.Runtime.Time;
using SimGraph.Simulation.Kernel;

namespace SimGraph.Properties.Primitives;

/// <summary>A tree of scopes in which tasks of all kinds are started, and which is stopped here and there while that goes on.</summary>
internal sealed class ScopeTrial(World world, Machine machine, IPlatform platform, bool isPunctual) : PrimitiveTrial(world, machine, platform, "scope")
{
    internal const string LateProbe = "primitives.scope.late";
    private const int DepthMax = 3;
    private const int TasksMax = 24;
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Forever = TimeSpan.FromDays(1);
    private readonly List<ModelScope> _scopes = [];
    private RecordingHost _host = new(platform.Tasks);
    private int _tasks;
    private int _reports;

    /// <inheritdoc/>
    public override async Task RunAsync()
    {
        _host = new RecordingHost(Platform.Tasks);
        _scopes.Clear();
        _tasks = 0;
        _reports = 0;
        var root = new ModelScope(new TaskScope(_host, "root"), parent: null);
        _scopes.Add(root);
        await UseAsync(2 + Draw(3), _ => ActAsync());
        await StopAsync(root, EndLimit);
        Check(root.IsClosed && !root.Alive.Any() && root.Scope.SnapshotAlive().Count == 0, "a root that has stopped has nothing alive");
        await StopAsync(root, EndLimit);
        Run(root);
        CreateChild(root);
        Check(_host.Reports.Count == _reports, $"{_host.Reports.Count} failures were reported where there were {_reports}");
    }

    private async Task ActAsync()
    {
        for (int left = 2 + Draw(8); left > 0; left--)
        {
            await PauseAsync();
            ModelScope scope = _scopes[Draw(_scopes.Count)];
            switch (Draw(8))
            {
                case 0:
                    CreateChild(scope);
                    break;
                case 1 when scope.Parent is not null || Percent(20):
                    await StopAsync(scope, DrawLimit());
                    break;
                case 2 when !scope.IsClosed && Percent(50):
                    scope.AddFailingCallback();
                    break;
                default:
                    Run(scope);
                    break;
            }

            Look(scope);
        }
    }

    private void Look(ModelScope scope)
    {
        Check(scope.Scope.Stopping.IsCancellationRequested == scope.IsClosed, $"{scope.Scope.Path} {(scope.IsClosed ? "was" : "was not")} told to stop, and its token says otherwise");
        Exception? failure = scope.Scope.FirstFailure;
        bool fits = scope.CallbackFailedFirst ? failure is AggregateException : failure == scope.FirstFailure;
        Check(fits, $"{scope.Scope.Path} keeps {failure?.GetType().Name ?? "no failure"} where it saw {(scope.CallbackFailedFirst ? "a callback fail" : scope.FirstFailure?.GetType().Name ?? "none")} first");
        CheckAlive(scope, scope.Scope.SnapshotAlive());
    }

    private void CheckAlive(ModelScope scope, IReadOnlyList<ScopedTask> alive)
    {
        ScopedTask[] expected = [.. scope.Alive.Select(static task => task.Started!)];
        Check(alive.Count == expected.Length && expected.All(alive.Contains), $"{alive.Count} tasks of {scope.Scope.Path} are said to be alive where {expected.Length} are");
    }

    private void CreateChild(ModelScope scope)
    {
        if (scope.Scope.Path.Count(static letter => letter == '/') >= DepthMax)
        {
            return;
        }

        bool refused = false;
        try
        {
            _scopes.Add(scope.AddChild(scope.Scope.CreateChild("child")));
        }
        catch (ScopeStoppedException)
        {
            refused = true;
        }

        Check(refused == scope.IsClosed, $"a child of {scope.Scope.Path} is {(refused ? "refused" : "made")}");
    }

    private async Task StopAsync(ModelScope scope, TimeSpan limit)
    {
        TimeSpan from = Now;
        _reports += scope.Close(from);
        StopTimeoutException? late = null;
        try
        {
            await scope.Scope.StopAsync(limit);
        }
        catch (StopTimeoutException exception)
        {
            late = exception;
        }

        if (late is null)
        {
            TimeSpan expected = scope.LastEnd > from ? scope.LastEnd : from;
            Check(!scope.Alive.Any(), $"{scope.Scope.Path} has stopped while {scope.Alive.Count()} tasks of it run");
            Check(!isPunctual || Now == expected, $"{scope.Scope.Path} has stopped {(Now - expected).TotalMilliseconds} ms after its last task");
        }
        else
        {
            Reached(LateProbe);
            Check(isPunctual ? Now == from + limit : Now >= from + limit, $"the stop of {scope.Scope.Path} was given up {(Now - from - limit).TotalMilliseconds} ms late");
            Check(scope.Alive.Any(), $"the stop of {scope.Scope.Path} was given up for nothing");
            CheckAlive(scope, late.Alive);
        }
    }

    private void Run(ModelScope scope)
    {
        if (_tasks >= TasksMax)
        {
            return;
        }

        var task = new ModelTask();
        string name = $"task-{++_tasks}";
        PlannedException? refusal = Percent(5) ? new PlannedException() : null;
        bool refused = false;
        _host.RefusesNext = refusal;
        scope.Add(task);
        try
        {
            task.Started = scope.Scope.Run(name, token => WorkAsync(scope, task, token));
        }
        catch (ScopeStoppedException)
        {
            scope.Remove(task);
            refused = true;
        }
        catch (PlannedException thrown)
        {
            scope.Remove(task);
            Check(thrown == refusal, "a host that refuses a task is not asked for another");
            refusal = null;
        }

        bool asked = refusal != _host.RefusesNext || refusal is null;
        _host.RefusesNext = null;
        Check(asked || refused, "a task that a host refuses is not started");
        Check(refused == scope.IsClosed, $"a task of {scope.Scope.Path} is {(refused ? "refused" : "started")}");
        if (task.Started is { } started)
        {
            Check(started.Path == $"{scope.Scope.Path}/{name}" && started.StartedAt == Platform.Clock.Elapsed(), $"{started} is not what was started");
        }
    }

    private async Task WorkAsync(ModelScope scope, ModelTask task, CancellationToken stopping)
    {
        Exception? ended = null;
        try
        {
            await WorkAsync(scope, stopping);
        }
        catch (Exception exception) when (exception is PlannedException or OperationCanceledException)
        {
            ended = exception;
            throw;
        }
        finally
        {
            Exception? failure = ended is OperationCanceledException && scope.IsClosed ? null : ended;
            task.End(Now, failure);
            if (failure is not null)
            {
                _reports++;
                scope.Failed(failure);
            }
        }
    }

    private async Task WorkAsync(ModelScope scope, CancellationToken stopping)
    {
        switch (Draw(10))
        {
            case 0:
                return;
            case 1:
                throw new PlannedException();
            case 2:
                await PauseAsync();
                throw new PlannedException();
            case 3:
                await PauseAsync();
                throw new OperationCanceledException("planned");
            case 4:
                // Does not listen.
                await PauseAsync(millisecondsMax: 20);
                return;
            case 5:
                await PauseAsync();
                Run(scope);
                CreateChild(scope);
                return;
            case 6:
                // Does not listen, and may end at the very moment at which a stop is given up.
                await Platform.Clock.DelayAsync(DrawLimit(), CancellationToken.None);
                return;
            case 7:
                await WaitForStopAsync(scope, stopping);
                await PauseAsync();
                return;
            default:
                await WaitForStopAsync(scope, stopping);
                stopping.ThrowIfCancellationRequested();
                return;
        }
    }

    private async Task WaitForStopAsync(ModelScope scope, CancellationToken stopping)
    {
        TimeSpan from = Now;
        try
        {
            await Platform.Clock.DelayAsync(Forever, stopping);
        }
        catch (OperationCanceledException)
        {
            TimeSpan expected = scope.ToldAt > from ? scope.ToldAt : from;
            Check(scope.IsClosed && (!isPunctual || Now == expected), $"a task of {scope.Scope.Path} hears {(Now - expected).TotalMilliseconds} ms late that it is to stop");
        }
    }
}
