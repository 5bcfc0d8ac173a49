// A node as a user runs it: the server's executable in a process of its own, started again after each death on the same folder. What it does is known from its log, as an
// operator would know it.

using System.Diagnostics;
using System.Globalization;

namespace SimGraph.RealCluster.Processes;

/// <summary>A node of the cluster, over all its lives. Thread-safe.</summary>
internal sealed class ServerNode : IDisposable
{
    private const string LeadsText = " is Leader in term ";
    private const string ListensText = " listens at ";
    private const int LinesKept = 200;
    private readonly object _gate = new();
    private readonly string[] _arguments;
    private readonly StreamWriter _log;
    private readonly Queue<string> _lastLines = new();
    private Process? _process;
    private ulong _ledTerm;
    private bool _isDisposed;

    /// <param name="number">1, 2, ...</param>
    /// <param name="arguments">Of the server.</param>
    /// <param name="logFile">Gets what it writes.</param>
    public ServerNode(int number, IEnumerable<string> arguments, string logFile)
    {
        Number = number;
        _arguments = ["exec", Path.Combine(AppContext.BaseDirectory, "simgraph-server.dll"), .. arguments];
        _log = new StreamWriter(logFile) { AutoFlush = true };
    }

    /// <summary>1, 2, ...</summary>
    public int Number { get; }

    /// <summary>True while there is a process, which may be stopped by a signal.</summary>
    public bool IsUp => _process is { HasExited: false };

    /// <summary>The newest term that it said to lead; 0 for none.</summary>
    public ulong LedTerm
    {
        get
        {
            lock (_gate)
            {
                return _ledTerm;
            }
        }
    }

    /// <summary>The last lines that it wrote.</summary>
    public string LastLines
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _lastLines);
            }
        }
    }

    /// <summary>Starts a process; returns when it listens.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", _arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _process?.Dispose();
            _process = Process.Start(start) ?? throw new InvalidOperationException($"node {Number} does not start");
            _process.OutputDataReceived += (_, line) => Read(line.Data, listens);
            _process.ErrorDataReceived += (_, line) => Read(line.Data, listens);
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        await listens.Task;
    }

    /// <summary>kill -9; returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP.</summary>
    public void Pause() => Signal.Stop(_process!.Id);

    /// <summary>SIGCONT; does nothing if the process was killed meanwhile.</summary>
    public void Resume()
    {
        if (IsUp)
        {
            Signal.Continue(_process!.Id);
        }
    }

    /// <summary>SIGTERM; returns the exit code, or null if the process did not end in time.</summary>
    public async Task<int?> TerminateAsync(TimeSpan limit)
    {
        Signal.Terminate(_process!.Id);
        try
        {
            using var late = new CancellationTokenSource(limit);
            await _process.WaitForExitAsync(late.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        if (IsUp)
        {
            _process!.Kill();
            _process.WaitForExit();
        }

        _process?.Dispose();
        lock (_gate)
        {
            _log.Dispose();
        }
    }

    private void Read(string? line, TaskCompletionSource listens)
    {
        if (line is null)
        {
            listens.TrySetException(new ClusterFailureException($"node {Number} ended before it listened:\n{LastLines}"));
            return;
        }

        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _log.WriteLine(line);
            _lastLines.Enqueue(line);
            if (_lastLines.Count > LinesKept)
            {
                _lastLines.Dequeue();
            }

            int at = line.IndexOf(LeadsText, StringComparison.Ordinal);
            if (at >= 0)
            {
                string term = line[(at + LeadsText.Length)..];
                _ledTerm = ulong.Parse(term[..term.IndexOf(',', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
            }
        }

        if (line.Contains(ListensText, StringComparison.Ordinal))
        {
            listens.TrySetResult();
        }
    }
}
