namespace SimGraph.Server;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    /// <summary>Stopped as asked.</summary>
    public const int Stopped = 0;

    /// <summary>The arguments make no sense.</summary>
    public const int Usage = 1;

    /// <summary>The node could not start or could not go on.</summary>
    public const int Failed = 6;

    /// <summary>Interrupted from the keyboard.</summary>
    public const int Interrupted = 130;
}
