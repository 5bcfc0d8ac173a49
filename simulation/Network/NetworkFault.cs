namespace SimGraph.Simulation.Network;

/// <summary>The kinds of network faults. Values are part of the trace.</summary>
internal enum NetworkFault
{
    None = 0,
    ConnectRefused = 1,
    ConnectHang = 2,
    Stall = 3,
    Reset = 4,
    HalfOpen = 5,
    Silence = 6,
    Clog = 7,
    SlowLink = 8,
    PartialRead = 9,
    Segmentation = 10,
    PartitionOneWay = 11,
    PartitionTwoWay = 12,
    Isolation = 13,
    GiveUp = 14,
}
