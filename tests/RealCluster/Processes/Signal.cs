using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SimGraph.RealCluster.Processes;

/// <summary>Signals that .NET cannot send.</summary>
internal static class Signal
{
    /// <summary>SIGTERM.</summary>
    public static void Terminate(int process) => Send(process, 15);

    /// <summary>SIGSTOP.</summary>
    public static void Stop(int process) => Send(process, OperatingSystem.IsMacOS() ? 17 : 19);

    /// <summary>SIGCONT.</summary>
    public static void Continue(int process) => Send(process, OperatingSystem.IsMacOS() ? 19 : 18);

    private static void Send(int process, int signal)
    {
        if (Kill(process, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"signal {signal} to process {process}");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int process, int signal);
}
