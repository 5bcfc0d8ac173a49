namespace SimGraph.Properties.Bench;

/// <summary>Crashes of leaders, one after the other, in one run.</summary>
/// <param name="Nodes">Voting members.</param>
/// <param name="Clients">Clients that write all the time, one after the other each.</param>
/// <param name="Crashes">How often the leader goes down.</param>
/// <param name="End">How it goes down.</param>
public sealed record FailoverLoad(int Nodes, int Clients, int Crashes, LeaderEnd End);
