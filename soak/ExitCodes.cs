using SimGraph.Simulation.Kernel;

namespace SimGraph.Soak;

/// <summary>Exit codes besides those of the classes of violations (2 to 6), which are the values of their enumeration.</summary>
internal static class ExitCodes
{
    public const int Held = 0;
    public const int Usage = 1;
    public const int Nondeterminism = 5;

    /// <summary>A planted defect was not found: what the harness promises does not hold.</summary>
    public const int Survived = (int)ViolationClass.Safety;

    public const int Harness = 7;
    public const int Interrupted = 130;
}
