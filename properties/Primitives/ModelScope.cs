using SimGraph.Runtime.Tasks;

namespace SimGraph.Properties.Primitives;

/// <summary>A scope, and what it must know of itself.</summary>
internal sealed class ModelScope(TaskScope scope, ModelScope? parent)
{
    private readonly List<ModelScope> _children = [];
    private readonly List<ModelTask> _tasks = [];
    private bool _callbackThrows;

    public TaskScope Scope { get; } = scope;

    public ModelScope? Parent { get; } = parent;

    public bool IsClosed { get; private set; }

    /// <summary>When it was told to stop.</summary>
    public TimeSpan ToldAt { get; private set; }

    /// <summary>A failure that it must have kept; null when it has seen none.</summary>
    public Exception? FirstFailure { get; private set; }

    /// <summary>Whether a callback on its token has failed; the exception is one that the scope makes.</summary>
    public bool CallbackFailedFirst { get; private set; }

    /// <summary>It and those below it.</summary>
    public IEnumerable<ModelScope> Subtree => [this, .. _children.SelectMany(static child => child.Subtree)];

    /// <summary>Tasks of the subtree that have not ended.</summary>
    public IEnumerable<ModelTask> Alive => Subtree.SelectMany(static scope => scope._tasks).Where(static task => !task.HasEnded);

    /// <summary>When the last task of the subtree ended; zero if there was none.</summary>
    public TimeSpan LastEnd => Subtree.SelectMany(static scope => scope._tasks).Select(static task => task.EndedAt).DefaultIfEmpty().Max();

    public ModelScope AddChild(TaskScope child)
    {
        var added = new ModelScope(child, this);
        _children.Add(added);
        return added;
    }

    public void Add(ModelTask task) => _tasks.Add(task);

    public void Remove(ModelTask task) => _tasks.Remove(task);

    /// <summary>Lets a callback on its token fail.</summary>
    public void AddFailingCallback()
    {
        _callbackThrows = true;
        Scope.Stopping.Register(static () => throw new PlannedException());
    }

    /// <summary>It is told to stop, and those below it.</summary>
    /// <returns>How many reports of failed callbacks that makes.</returns>
    public int Close(TimeSpan now)
    {
        int reports = 0;
        if (!IsClosed)
        {
            IsClosed = true;
            ToldAt = now;
            if (_callbackThrows)
            {
                reports++;
                for (ModelScope? above = this; above is not null; above = above.Parent)
                {
                    above.CallbackFailedFirst |= above.FirstFailure is null;
                }
            }
        }

        return reports + _children.Sum(child => child.Close(now));
    }

    /// <summary>A task of it has failed.</summary>
    public void Failed(Exception failure)
    {
        for (ModelScope? above = this; above is not null; above = above.Parent)
        {
            if (!above.CallbackFailedFirst)
            {
                above.FirstFailure ??= failure;
            }
        }
    }
}
