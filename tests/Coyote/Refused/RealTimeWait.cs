namespace SimGraph.Coyote.Tests.Refused;

/// <summary>A scenario that the build would refuse, were this namespace not left out: it shows that strict mode refuses it as well.</summary>
internal static class RealTimeWait
{
    internal static async Task RunAsync()
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task setter = Task.Run(source.SetResult);
        await source.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await setter;
    }
}
