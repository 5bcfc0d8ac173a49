using SimGraph.Simulation.Disk;
using SimGraph.Simulation.Exploration;
using SimGraph.Simulation.Network;

namespace SimGraph.Properties;

/// <summary>
/// Draws which kinds of faults a run has at all, and how often each comes, for a profile (swarm testing: Groce and others, ISSTA 2012). Every draw is
/// keyed by its own name, so a new kind of fault shifts no other.
/// </summary>
/// <param name="profile">One of <see cref="Profiles"/>.</param>
/// <param name="draw">Answers a named draw with a number from 0 to below the bound.</param>
internal sealed class FaultDraws(string profile, Func<string, int, int> draw)
{
    /// <summary>Whether a run has a kind of fault: half of them under swarm, all under brutal and lite.</summary>
    public bool Enabled(string kind) => profile is Profiles.Brutal or Profiles.Lite || draw($"enabled.{kind}", 2) == 0;

    /// <summary>Parts per million of a kind of fault, 0 if the run has none of it.</summary>
    public int Rate(string kind, int most)
    {
        if (!Enabled(kind))
        {
            return 0;
        }

        return profile switch { Profiles.Brutal => most, Profiles.Lite => most / 50, _ => 1 + draw($"rate.{kind}", most >> draw($"rate-scale.{kind}", 6)) };
    }

    /// <summary>The faults of the network, all kinds of them.</summary>
    public NetworkFaultOptions OfNetwork() => new()
    {
        ConnectRefusedPartsPerMillion = Rate("network.connect-refused", 200_000),
        ConnectHangPartsPerMillion = Rate("network.connect-hang", 100_000),
        StallPartsPerMillion = Rate("network.stall", 10_000),
        ResetPartsPerMillion = Rate("network.reset", 5_000),
        HalfOpenPartsPerMillion = Rate("network.half-open", 1_000),
        SilencePartsPerMillion = Rate("network.silence", 1_000),
        ClogPartsPerMillion = Rate("network.clog", 500),
        SlowLinkPartsPerMillion = Rate("network.slow-link", 500),
        PartialReadPartsPerMillion = Rate("network.partial-read", 300_000),
        SegmentationPartsPerMillion = Rate("network.segmentation", 50_000),
        RetransmitLimitMax = TimeSpan.FromSeconds(15),
    };

    /// <summary>The failures of a cluster's disks: those which a node must survive, or die of without harm.</summary>
    public DiskFaultOptions OfClusterDisk() => DiskFaultOptions.None with
    {
        FailedFlushPartsPerMillion = Rate("disk.failed-flush", 1_000),
        WriteErrorPartsPerMillion = Rate("disk.write-error", 1_000),
        ReadErrorPartsPerMillion = Rate("disk.read-error", 10_000),
        StallPartsPerMillion = Rate("disk.stall", 5_000),
    };
}
