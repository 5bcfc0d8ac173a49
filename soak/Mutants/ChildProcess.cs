// Programs that this one runs. They end before the call does: at an interrupt or at the limit the whole tree of processes is killed and waited for.

using System.ComponentModel;
using System.Diagnostics;

namespace SimGraph.Soak.Mutants;

/// <summary>Runs a program to its end.</summary>
internal static class ChildProcess
{
    /// <summary>Of each stream, the last lines are kept.</summary>
    private const int LinesMax = 500;

    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);

    /// <exception cref="UsageException">There is no such program.</exception>
    public static async Task<ChildResult> RunAsync(ChildCommand command, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var process = new Process { StartInfo = StartInfoOf(command) };
        var output = new Queue<string>();
        var error = new Queue<string>();
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(error, line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw new UsageException($"'{command.Program}' does not start: {exception.Message}; it must be installed and on the PATH");
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ending.CancelAfter(command.Limit);
        bool tookTooLong = false;
        try
        {
            await process.WaitForExitAsync(ending.Token);
        }
        catch (OperationCanceledException)
        {
            tookTooLong = !cancellation.IsCancellationRequested;
            await KillAsync(process);
        }

        // A Ctrl-C in a terminal reaches the children too, and what they then say means nothing.
        cancellation.ThrowIfCancellationRequested();
        return new ChildResult(process.HasExited ? process.ExitCode : -1, tookTooLong, Kept(output), Kept(error));
    }

    private static ProcessStartInfo StartInfoOf(ChildCommand command)
    {
        var start = new ProcessStartInfo(command.Program, command.Arguments)
        {
            WorkingDirectory = command.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in command.Environment)
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        return start;
    }

    private static async Task KillAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        using var limit = new CancellationTokenSource(KillLimit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Killed, and the system has not taken it away yet: nothing is gained by waiting.
        }
    }

    private static void Keep(Queue<string> lines, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (lines)
        {
            lines.Enqueue(line);
            if (lines.Count > LinesMax)
            {
                lines.Dequeue();
            }
        }
    }

    private static string[] Kept(Queue<string> lines)
    {
        lock (lines)
        {
            return [.. lines];
        }
    }
}
