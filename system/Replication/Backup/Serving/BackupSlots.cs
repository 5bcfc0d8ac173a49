namespace SimGraph.Replication.Backup.Serving;

/// <summary>How many states may be frozen for backups at a time. Thread-safe.</summary>
internal sealed class BackupSlots(int max)
{
    private readonly object _gate = new();
    private int _taken;

    /// <summary>Takes one; false if there is none.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (_taken == max)
            {
                return false;
            }

            _taken++;
            return true;
        }
    }

    /// <summary>Gives one back.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _taken--;
        }
    }
}
