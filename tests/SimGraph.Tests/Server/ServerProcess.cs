using System.Diagnostics;
using SimGraph.Cluster.Consensus;
using SimGraph.Runtime.Network;
using Xunit;

namespace SimGraph.Tests.Server;

/// <summary>A node, or what else the program can be, in a process of its own, as a user starts it. Watches its log for the role it plays.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly Process _process;
    private readonly object _gate = new();
    private readonly List<string> _output = [];
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource Said)> _waiting = [];
    private readonly TaskCompletionSource _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _leads = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _ledTerm;

    public ServerProcess(NodeId node, IReadOnlyDictionary<NodeId, NetworkAddress> members, string dataDirectory, params string[] more)
        : this(
            [
                "--id", $"{node.Value}", "--data", dataDirectory, "--heartbeat-ms", "50", "--election-timeout-ms", "300",
                .. members.SelectMany(static member => new[] { "--member", $"{member.Key.Value}={member.Value}" }), .. more,
            ])
    {
        Node = node;
    }

    /// <param name="arguments">The whole command line.</param>
    public ServerProcess(params string[] arguments)
    {
        string[] args = ["exec", Path.Combine(AppContext.BaseDirectory, "simgraph-server.dll"), .. arguments];
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("the server does not start");
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public NodeId Node { get; }

    /// <summary>Ends when the node says that it listens; fails if the process ends before.</summary>
    public Task Listens => _listens.Task;

    /// <summary>Ends when the node says for the first time that it leads.</summary>
    public Task Leads => _leads.Task;

    /// <summary>The newest term that this node said to lead; 0 for none.</summary>
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

    public string Output
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _output);
            }
        }
    }

    /// <summary>The operating system's number of it.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Ends when the process has written such a line; fails if it ends before.</summary>
    public async Task SaysAsync(Func<string, bool> wanted)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_output.Any(wanted))
            {
                said.SetResult();
            }
            else
            {
                _waiting.Add((wanted, said));
            }
        }

        Assert.True(await EndsInTimeAsync(said.Task), $"node {Node.Value} does not say what it should:\n{Output}");
        await said.Task;
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> TerminateAsync(CancellationToken cancellationToken)
    {
        using Process kill = Process.Start("sh", ["-c", $"kill -TERM {_process.Id}"]);
        await kill.WaitForExitAsync(cancellationToken);
        Assert.True(await EndsInTimeAsync(_process.WaitForExitAsync(cancellationToken)), $"node {Node.Value} does not stop:\n{Output}");
        return _process.ExitCode;
    }

    private static async Task<bool> EndsInTimeAsync(Task task)
    {
        try
        {
            await task.WaitAsync(Limit);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            var ended = new InvalidOperationException($"node {Node.Value} ended:\n{Output}");
            _listens.TrySetException(ended);
            lock (_gate)
            {
                _waiting.ForEach(waiter => waiter.Said.TrySetException(ended));
            }

            return;
        }

        lock (_gate)
        {
            _output.Add(line);
            _waiting.FindAll(waiter => waiter.Wanted(line)).ForEach(static waiter => waiter.Said.TrySetResult());
            const string Leads = " is Leader in term ";
            int at = line.IndexOf(Leads, StringComparison.Ordinal);
            if (at >= 0)
            {
                string term = line[(at + Leads.Length)..];
                _ledTerm = ulong.Parse(term[..term.IndexOf(',', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
                _leads.TrySetResult();
            }
        }

        if (line.Contains(" listens at ", StringComparison.Ordinal))
        {
            _listens.TrySetResult();
        }
    }
}
