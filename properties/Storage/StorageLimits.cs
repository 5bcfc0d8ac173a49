using SimGraph.Simulation.Exploration;

namespace SimGraph.Properties.Storage;

/// <summary>How far one run goes.</summary>
internal sealed record StorageLimits
{
    /// <summary>Recoveries of one exploration of crash points, about.</summary>
    public required int RecoveriesMax { get; init; }

    /// <summary>Subsets of what is not durable, for each crash point.</summary>
    public required int SubsetsMax { get; init; }

    /// <summary>Freely drawn survivors of each crash point.</summary>
    public required int ChosenMax { get; init; }

    /// <summary>How often a recovery is explored in its turn.</summary>
    public required int DepthMax { get; init; }

    /// <summary>Operations that are made to fail, one in each run, for each kind of error.</summary>
    public required int FailuresMax { get; init; }

    /// <summary>Stops of one workload, one in each run.</summary>
    public required int StopsMax { get; init; }

    /// <summary>Lives of one disk.</summary>
    public required int LivesMax { get; init; }

    /// <summary>Bits that are flipped, one in each opening.</summary>
    public required int FlipsMax { get; init; }

    /// <summary>The limits of a profile.</summary>
    public static StorageLimits Of(string profile) => profile switch
    {
        Profiles.Brutal => new StorageLimits { RecoveriesMax = 4_000, SubsetsMax = 256, ChosenMax = 12, DepthMax = 3, FailuresMax = 200, StopsMax = 150, LivesMax = 40, FlipsMax = 400 },
        Profiles.Lite => new StorageLimits { RecoveriesMax = 300, SubsetsMax = 16, ChosenMax = 2, DepthMax = 2, FailuresMax = 40, StopsMax = 30, LivesMax = 6, FlipsMax = 40 },
        _ => new StorageLimits { RecoveriesMax = 1_200, SubsetsMax = 64, ChosenMax = 6, DepthMax = 2, FailuresMax = 120, StopsMax = 80, LivesMax = 20, FlipsMax = 150 },
    };
}
