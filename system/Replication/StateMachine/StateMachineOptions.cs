using SimGraph.Storage.Lsm;

namespace SimGraph.Replication.StateMachine;

/// <summary>Settings of a <see cref="ReplicatedStateMachine"/>.</summary>
public sealed record StateMachineOptions
{
    /// <summary>Client sessions that are remembered; the one that was used longest ago goes when there would be more. All members must agree: it decides results.</summary>
    public int SessionsMax { get; init; } = 10_000;

    /// <summary>The tree that holds the state. May differ between members.</summary>
    public LsmOptions Tree { get; init; } = new() { Folder = "state" };

    /// <summary>Throws when a setting makes no sense.</summary>
    /// <exception cref="ArgumentException">Which one, and what is allowed.</exception>
    public void Validate()
    {
        if (SessionsMax is < 1 or > 1_000_000)
        {
            throw new ArgumentException($"{nameof(SessionsMax)} is {SessionsMax}, allowed is 1 to 1000000.");
        }
    }
}
